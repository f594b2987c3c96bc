/** Where every stack stands, as the events tell it. Both renderers for people draw from it. */
import type { Progress, ResourceChange, RolloutEvent, RunMode, StackNode, StackResult } from '../types.ts';

export interface Row {
  readonly node: StackNode;
  readonly place: 'waiting' | 'running' | 'ended';
  /** Milliseconds since 1970; of the first attempt. */
  readonly startedAt: number | null;
  readonly progress: Progress | null;
  /** Set while the stack waits for its next attempt. `until` is in milliseconds since 1970. */
  readonly retry: {
    readonly attempt: number;
    readonly of: number;
    readonly reason: string;
    readonly until: number;
  } | null;
  readonly result: StackResult | null;
}

export class Board {
  mode: RunMode = 'apply';
  command = '';
  resumeCommand: string | null = null;
  concurrency = 1;
  startedAt: number | null = null;
  /** How often the run was interrupted. */
  interrupts = 0;
  /** What to do next, by failed stack. */
  readonly next = new Map<string, string>();
  readonly details = new Map<string, readonly ResourceChange[]>();
  /** What was taken into the state after an earlier run was cut off, by stack. */
  readonly adopted = new Map<string, readonly string[]>();
  readonly perhapsLeft = new Map<string, readonly string[]>();
  private readonly rows = new Map<string, Row>();

  apply(event: RolloutEvent): void {
    if (event.type === 'start') {
      this.mode = event.mode ?? 'apply';
      this.command = event.command;
      this.resumeCommand = event.resumeCommand ?? null;
      this.concurrency = event.concurrency;
      this.startedAt = Date.parse(event.time);
      for (const node of event.stacks) this.rows.set(node.id, { ...UNSTARTED, node });
    } else if (event.type === 'stack') {
      this.applyStack(event);
    } else if (event.type === 'retry') {
      const { attempt, of, reason } = event;
      const until = Date.parse(event.time) + event.delayMs;
      this.update(event.stack, { retry: { attempt, of, reason, until }, progress: null });
    } else if (event.type === 'interrupt') {
      this.interrupts = event.times;
    }
  }

  row(stack: string): Row | undefined {
    return this.rows.get(stack);
  }

  /** The rows in one place, in the order of the run. */
  in(place: Row['place']): Row[] {
    return [...this.rows.values()].filter(row => row.place === place);
  }

  get total(): number {
    return this.rows.size;
  }

  count(state: StackResult['state']): number {
    return this.in('ended').filter(row => row.result?.state === state).length;
  }

  private applyStack(event: Extract<RolloutEvent, { type: 'stack' }>): void {
    if (event.next) this.next.set(event.stack, event.next);
    if (event.details !== undefined) this.details.set(event.stack, event.details);
    if (event.adopted !== undefined) this.adopted.set(event.stack, event.adopted);
    if (event.perhapsLeft !== undefined) this.perhapsLeft.set(event.stack, event.perhapsLeft);
    if (event.result !== undefined)
      return this.update(event.stack, { place: 'ended', retry: null, result: event.result });
    if (event.state !== 'running') return;
    const startedAt = this.rows.get(event.stack)?.startedAt ?? Date.parse(event.time);
    this.update(event.stack, { place: 'running', startedAt, retry: null, progress: event.progress ?? null });
  }

  private update(stack: string, change: Partial<Row>): void {
    const row = this.rows.get(stack);
    if (row !== undefined) this.rows.set(stack, { ...row, ...change });
  }
}

const UNSTARTED = { place: 'waiting', startedAt: null, progress: null, retry: null, result: null } as const;
