/** When what can wait is not told. */
import {
  MuteTimingBuilder,
  TimeIntervalBuilder,
  TimeRangeBuilder,
  WeekdayRangeBuilder,
  type MuteTiming,
} from '@grafana/grafana-foundation-sdk/alerting';

export const OUTSIDE_WORKING_HOURS = 'Spanwatch outside working hours';

const times = (from: string, to: string) => new TimeRangeBuilder().from(from).to(to);
/** Sunday is 0. */
const days = (begin: number, end: number) => new WeekdayRangeBuilder().begin(begin).end(end);

/** @param timeZone such as Europe/Berlin */
export const muteTimings = (timeZone: string): MuteTiming[] => [
  new MuteTimingBuilder()
    .name(OUTSIDE_WORKING_HOURS)
    .timeIntervals([
      new TimeIntervalBuilder()
        .times([times('00:00', '07:00'), times('18:00', '24:00')])
        .weekdays([days(1, 5)])
        .location(timeZone),
      new TimeIntervalBuilder().weekdays([days(6, 6), days(0, 0)]).location(timeZone),
    ])
    .build(),
];
