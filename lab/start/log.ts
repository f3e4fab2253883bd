// Writes the log file of a run of `npm start`, with the lines of concurrent steps below their headings.

import { appendFileSync } from 'node:fs';

/** The log of a run, in one file. Lines of concurrent steps are below the heading of their step. */
export class Log {
  private under = '';

  /** `also` gets the same text, for `--verbose`. */
  constructor(
    private readonly file: string,
    private readonly also: (text: string) => void = () => undefined,
  ) {}

  /** Logs whole lines of a step. */
  lines(step: string, text: string): void {
    this.write(`${this.under === step ? '' : `\n== ${step}\n`}${text.replace(/\n*$/, '\n')}`);
    this.under = step;
  }

  /** Logs output of a program as it comes. It may end within a line. */
  output(step: string): (text: string) => void {
    let rest = '';
    return (text) => {
      const whole = (rest + text).split('\n');
      rest = whole.pop() ?? '';
      if (whole.length > 0) this.lines(step, whole.join('\n'));
    };
  }

  /** Logs text to the file only, because it is printed elsewhere. */
  printed(text: string): void {
    appendFileSync(this.file, `\n${text}\n`);
    this.under = '';
  }

  private write(text: string): void {
    appendFileSync(this.file, text);
    this.also(text);
  }
}
