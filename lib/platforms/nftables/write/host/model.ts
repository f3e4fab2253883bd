import { Rule } from '../model';

/** What a server's input chain holds, in the order in which it has to stand. */
export interface InputOrder {
  readonly always: readonly Rule[];
  readonly management: readonly Rule[];
  readonly blocked: readonly Rule[];
  /** Connections that aren't ours to close. */
  readonly inside: readonly Rule[];
  readonly rest: readonly Rule[];
}
