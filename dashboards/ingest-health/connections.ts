/** Where to look for what the database can't know. */
import { PanelBuilder as Text, TextMode } from '@grafana/grafana-foundation-sdk/text';

export const connections = () =>
  new Text()
    .title('Connections')
    .description(
      'What only the running process knows: the broker’s session and what is not acknowledged yet.',
    )
    .mode(TextMode.Markdown)
    .content(
      [
        '**Not in the database**, so asked of the process itself:',
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
