/** The access list of a mosquitto broker, made of the registered sensors: each may publish as itself and nothing else. */
import { BadInput } from '../../core/domain/failure.ts';
import { formatSensorTopic, SENSOR_TOPIC_FILTER, type SensorPlace } from '../../core/domain/sensor-topic.ts';

export interface AclUsers {
  /** User that Spanwatch connects as. */
  readonly platform: string;
}

/**
 * A sensor's user name is its id: the name it gives with its password, or the common name of its certificate where
 * mosquitto has `use_identity_as_username true`. Who is not in the list may do nothing.
 *
 * @throws BadInput when a sensor has the platform's name: it would get its rights
 */
export function brokerAcl(sensors: readonly SensorPlace[], { platform }: AclUsers): string {
  if (sensors.some(({ sensorId }) => sensorId === platform)) {
    throw new BadInput(
      'acl-user',
      `A sensor is called ${platform}, as the user that Spanwatch connects as: choose another user.`,
    );
  }
  const blocks = [...sensors]
    .sort((a, b) => (a.sensorId < b.sensorId ? -1 : 1))
    .map((place) => `user ${place.sensorId}\ntopic write ${formatSensorTopic(place)}\n`);
  return [
    '# Made by `spanwatch mqtt acl`; make it again when sensors are added, then tell mosquitto (SIGHUP).\n',
    `user ${platform}\ntopic read ${SENSOR_TOPIC_FILTER}\n`,
    ...blocks,
  ].join('\n');
}
