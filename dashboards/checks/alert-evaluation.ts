/** Steps an alert rule through time as Grafana does, so that a back-test can say when it would have fired. */
import type { AlertRule } from '../alerts/alert-rule.ts';
import { durationSeconds } from './duration.ts';

/** Pending: true, but not for long enough. Recovering: no longer true, but not for long enough. */
export type AlertState = 'normal' | 'pending' | 'firing' | 'recovering';

export interface EvaluatedRow {
  /** The labels, in one text. */
  readonly labels: string;
  readonly value: number;
}

/** What the query answered: rows, none at all, or an error. */
export type Answer = readonly EvaluatedRow[] | 'error';

/** Of the rule as a whole: it could be evaluated, or an alert of its own says why not. */
export type RuleHealth = 'ok' | 'no data' | 'error';

interface Instance {
  state: AlertState;
  /** When this state began, in seconds. */
  since: number;
  missed: number;
}

/** An instance whose row is missing is forgotten after so many evaluations. */
const EVALUATIONS_TO_RESOLVE = 2;

/**
 * https://grafana.com/docs/grafana/latest/alerting/fundamentals/alert-rule-evaluation/ and …/state-and-health/:
 * an instance a label set; a rule with a recovery threshold goes on while the value has not fallen below it.
 */
export class AlertEvaluation {
  health: RuleHealth = 'ok';
  private readonly instances = new Map<string, Instance>();
  private readonly forSeconds: number;
  private readonly keepSeconds: number;

  constructor(private readonly rule: Pick<AlertRule, 'fires' | 'for' | 'keepFiringFor'>) {
    this.forSeconds = durationSeconds(rule.for);
    this.keepSeconds = durationSeconds(rule.keepFiringFor);
  }

  /** @param seconds the time of this evaluation */
  step(answer: Answer, seconds: number): void {
    this.health = answer === 'error' ? 'error' : answer.length === 0 ? 'no data' : 'ok';
    // What is not known changes nothing of what was: an alert of its own tells that the rule is blind.
    if (answer === 'error' || answer.length === 0) return;
    const seen = new Set(answer.map(({ labels }) => labels));
    for (const { labels, value } of answer) this.update(labels, value, seconds);
    for (const [labels, instance] of this.instances) {
      instance.missed = seen.has(labels) ? 0 : instance.missed + 1;
      if (instance.missed >= EVALUATIONS_TO_RESOLVE) this.instances.delete(labels);
    }
  }

  stateOf(labels: string): AlertState {
    return this.instances.get(labels)?.state ?? 'normal';
  }

  labels(): string[] {
    return [...this.instances.keys()];
  }

  private update(labels: string, value: number, seconds: number): void {
    const instance = this.instances.get(labels) ?? { state: 'normal', since: seconds, missed: 0 };
    this.instances.set(labels, instance);
    const become = (state: AlertState) => {
      if (instance.state !== state) Object.assign(instance, { state, since: seconds });
    };
    if (this.isTrue(instance.state, value)) {
      if (instance.state === 'normal') become('pending');
      if (instance.state === 'recovering') become('firing');
      if (instance.state === 'pending' && seconds - instance.since >= this.forSeconds) become('firing');
      return;
    }
    if (instance.state === 'pending') become('normal');
    if (instance.state === 'firing') become('recovering');
    if (instance.state === 'recovering' && seconds - instance.since >= this.keepSeconds) become('normal');
  }

  private isTrue(state: AlertState, value: number): boolean {
    const { above, untilBelow } = this.rule.fires;
    if (value > above) return true;
    return untilBelow !== undefined && state !== 'normal' && value >= untilBelow;
  }
}
