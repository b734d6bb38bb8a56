/** Who is told: reliability engineers about the grid, platform staff about the software. */
import { ContactPointBuilder, type ContactPoint } from '@grafana/grafana-foundation-sdk/alerting';

export interface Addresses {
  /** Mail addresses, several separated by ;. */
  readonly reliability: string;
  readonly platform: string;
}

export const RECEIVER = {
  reliability: 'Spanwatch reliability engineers',
  platform: 'Spanwatch platform staff',
} as const;

export const contactPoints = (addresses: Addresses): ContactPoint[] =>
  (['reliability', 'platform'] as const).map((team) =>
    new ContactPointBuilder()
      .name(RECEIVER[team])
      .uid(`spanwatch-${team}`)
      .type('email')
      .settings({ addresses: addresses[team], singleEmail: true })
      .disableResolveMessage(false)
      .build(),
  );
