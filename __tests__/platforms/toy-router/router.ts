// A router that nobody sells: one configuration that runs, one that starts, a candidate that all who log in share, and a commit that takes
// itself back. It is a device for tests, not a part of the platform: dialogue.ts knows its command line alone.

export const VERSION = '1.4.2';

interface Candidate {
  readonly lines: readonly string[];
  readonly by: string;
  readonly since: number;
}

export class Router {
  readonly hostname = 'toy';
  running: readonly string[] = [];
  startup: readonly string[] = [];
  candidate: Candidate | undefined;
  /** The session that configures, until it ends. */
  lock: { readonly user: string } | undefined;
  /** A commit that goes back by itself. */
  trial: { readonly comment: string; readonly until: number; readonly timer: NodeJS.Timeout } | undefined;

  edit(by: string, change: (lines: readonly string[]) => readonly string[]): void {
    this.candidate = { lines: change(this.candidate?.lines ?? this.running), by, since: Date.now() };
  }

  /** `seconds`: what is not confirmed by then goes. */
  commit(trial?: { readonly seconds: number; readonly comment: string }): void {
    this.running = this.candidate?.lines ?? this.running;
    this.candidate = undefined;
    this.endTrial();
    if (!trial) this.startup = this.running;
    else {
      const timer = setTimeout(() => this.undo(), trial.seconds * 1000);
      this.trial = { comment: trial.comment, until: Date.now() + trial.seconds * 1000, timer };
    }
  }

  confirm(): void {
    this.endTrial();
    this.startup = this.running;
  }

  undo(): void {
    this.endTrial();
    this.candidate = undefined;
    this.running = this.startup;
  }

  /** As after a loss of power. */
  boots(): void {
    this.undo();
    this.lock = undefined;
  }

  fresh(): void {
    this.startup = [];
    this.boots();
  }

  private endTrial(): void {
    if (this.trial) clearTimeout(this.trial.timer);
    this.trial = undefined;
  }
}
