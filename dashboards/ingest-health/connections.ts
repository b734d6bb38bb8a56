/** Where to ask the process itself, for when the database can't answer. */
import { PanelBuilder as Text, TextMode } from '@grafana/grafana-foundation-sdk/text';

export const connections = () =>
  new Text()
    .title('Connections')
    .description('What the running process says of itself, also while the database is away.')
    .mode(TextMode.Markdown)
    .content(
      [
        '**The process itself** also answers while the database is away:',
        '',
        '- [Is it ready, and if not which part?](${spanwatch}/health/ready)',
        '- [Counters for Prometheus](${spanwatch}/metrics): batches, rejected messages, Sparkplug sequence gaps',
        '',
        '**May I restart?** At any moment: messages are acknowledged after the commit, and what was not acknowledged comes again.',
      ].join('\n'),
    )
    .height(8)
    .span(8)
    .transparent(false);
