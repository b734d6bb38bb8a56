/** Which alert goes to whom, how soon and how often. */
import { NotificationPolicyBuilder, type NotificationPolicy } from '@grafana/grafana-foundation-sdk/alerting';
import { RECEIVER } from './contact-points.ts';
import { OUTSIDE_WORKING_HOURS } from './mute-timings.ts';

/** One message an event: what differs in none of these is told together. */
const GROUP_BY = ['grafana_folder', 'alertname', 'line', 'tower'];

export function notificationPolicy(): NotificationPolicy {
  return new NotificationPolicyBuilder()
    .receiver(RECEIVER.platform)
    .groupBy(GROUP_BY)
    .groupWait('30s')
    .groupInterval('5m')
    .repeatInterval('12h')
    .routes([
      // A rule that can't be evaluated says nothing about the grid, whatever team it is for.
      route([['alertname', '=~', 'DatasourceNoData|DatasourceError']], RECEIVER.platform),
      route(
        [
          ['team', '=', 'reliability'],
          ['severity', '=', 'critical'],
        ],
        RECEIVER.reliability,
      ).repeatInterval('4h'),
      route([['team', '=', 'reliability']], RECEIVER.reliability)
        .repeatInterval('24h')
        .muteTimeIntervals([OUTSIDE_WORKING_HOURS]),
      route(
        [
          ['team', '=', 'platform'],
          ['severity', '=', 'minor'],
        ],
        RECEIVER.platform,
      )
        .repeatInterval('24h')
        .muteTimeIntervals([OUTSIDE_WORKING_HOURS]),
    ])
    .build();
}

function route(matchers: string[][], receiver: string): NotificationPolicyBuilder {
  return new NotificationPolicyBuilder().receiver(receiver).groupBy(GROUP_BY).objectMatchers(matchers);
}
