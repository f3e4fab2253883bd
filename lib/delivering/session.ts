import { Command, Line, Manners, Reply, Step, Told, Unsendable, line } from './dialogue';

/** In characters. */
interface Limits {
  readonly most: number;
  readonly lines: number;
  readonly longestLine: number;
}

/** Longer than any prompt, question or marker: what is longer is not looked at before it ends. */
const LONGEST_TAIL = 512;
// What moves a cursor, colours, or names a window.
// eslint-disable-next-line no-control-regex -- they are what is taken out
const SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[()][0-9A-Za-z]|[=>0-9A-Za-z])|[\u0000\u0007]/g;
/** How a pager takes its marker away before it goes on in the same line. */
const ERASED = /^(?:\r *\r|\r|[\b]+ *[\b]*)/;

/**
 * One step on one connection, as far as it can be thought: hears what came and says what to type.
 *
 * A prompt may also stand in a reply. So after each command, where a prompt seems to be, a remark is typed that nobody could foresee: the
 * reply ends before the line in which a prompt and this remark come back, however the bytes were cut.
 */
export class Session {
  /** What the step said in the end. */
  told: Told | undefined;
  /** Why it stopped where nobody knows what the device has done: no answer, as if the line had died. */
  stopped: string | undefined;
  private readonly commands: Step;
  /** A command of the step's own was typed, so that it isn't as if nothing had been. */
  private begun = false;
  private opened = false;
  /** Undefined while it greets. */
  private command: Command | undefined;
  private mode = '';
  /** What of the command has still to come back. */
  private echo = '';
  private lines: string[] = [];
  private tail = '';
  private asked = 0;
  /** The line of the question that was answered, and of the pager's marker, until it ends. */
  private question: string | undefined;
  private marker: string | undefined;
  /** What was typed at what seemed a prompt, and the mode in whose prompt it came back. */
  private remark: Line | undefined;
  private remarked: string | undefined;
  private remarks = 0;
  private taken = { characters: 0, lines: 0 };

  /** `token`: nobody can foresee it; letters and digits. */
  constructor(
    step: Step,
    private readonly manners: Manners,
    private readonly token: string,
    private readonly limits: Limits,
  ) {
    this.commands = this.whole(step);
  }

  /** What to type now, '' for nothing. Never throws for what the other side says. */
  hear(text: string): string {
    if (this.over) return '';
    try {
      this.taken.characters += text.length;
      const [first = '', ...others] = text.split('\n');
      this.grow(first);
      for (const next of others) {
        const ended = this.tail;
        this.tail = '';
        this.ends(ended);
        this.grow(next);
      }
      return this.echo !== '' || this.tail.length > LONGEST_TAIL ? '' : this.answer(this.seen(this.tail));
    } catch (error) {
      if (error instanceof Unsendable && !this.begun) {
        this.told = { result: 'refused unsendable', sections: { '': [error.message] } };
        return this.manners.leaving;
      }
      if (!(error instanceof Unsendable || error instanceof Stopped)) throw error;
      this.stopped = error.message;
      return '';
    }
  }

  /** Nothing more is said or heard. */
  get over(): boolean {
    return this.told !== undefined || this.stopped !== undefined;
  }

  /** Seconds without a byte after which it is no use to wait. */
  get patience(): number {
    return this.command?.quietSeconds ?? this.manners.quietSeconds;
  }

  /** Where it stopped. */
  get last(): string {
    return this.tail.slice(-LONGEST_TAIL);
  }

  /** The last remark is a command of its own: whatever came behind the last reply stands before it. */
  private *whole(step: Step): Step {
    for (const command of this.manners.opening) yield command;
    this.opened = true;
    const told = yield* step;
    yield { line: this.nextRemark() };
    return told;
  }

  private grow(text: string): void {
    this.tail += text;
    const { most, lines, longestLine } = this.limits;
    if (this.taken.characters > most || this.taken.lines > lines || this.tail.length > longestLine)
      throw this.misunderstood('it says more than any configuration has');
  }

  private ends(raw: string): void {
    this.taken.lines += 1;
    if (this.echo !== '') {
      this.echoes(raw);
      return;
    }
    const { question, marker } = this;
    const said = this.seen(raw);
    this.question = undefined;
    this.marker = undefined;
    if (this.remarked !== undefined) throw this.misunderstood('it goes on behind its prompt', said);
    if (question !== undefined) {
      if (said === question || said === question + this.answered().trimEnd()) return;
      throw this.misunderstood('what looked like its question goes on', said);
    }
    if (this.remark !== undefined && said.endsWith(this.remark)) {
      this.remarked = this.modeOf(said.slice(0, -this.remark.length));
      if (this.remarked !== undefined) return;
    }
    if (!this.command) return;
    if (/\p{Cc}/u.test(said.replaceAll('\t', '')) || (marker !== undefined && said.startsWith(marker)))
      throw this.misunderstood('a line holds control characters', said);
    this.lines.push(said);
  }

  /** A line editor that wraps goes to the next line, or writes a blank and goes back to the first column. */
  private echoes(raw: string): void {
    const said = withoutReturns(raw.replace(SEQUENCES, '')).replace(/^\r+/, '').replace(/ ?\r/g, '');
    if (!this.echo.startsWith(said)) throw this.misunderstood('it does not read what was typed', said);
    this.echo = this.echo.slice(said.length);
  }

  /** A line as a person sees it: without what steers the terminal, and without the marker of a page that was asked for. */
  private seen(raw: string): string {
    const text = withoutReturns(raw.replace(SEQUENCES, ''));
    const behind = this.marker !== undefined && text.startsWith(this.marker) ? text.slice(this.marker.length) : '';
    return (ERASED.test(behind) ? behind.replace(ERASED, '') : text).replace(/^\r+/, '');
  }

  private answer(at: string): string {
    const { pager, enter } = this.manners;
    if (this.marker === undefined && pager.marker.test(at)) {
      this.marker = at;
      return pager.key;
    }
    if (this.question === undefined && this.command?.questions?.[this.asked]?.asks.test(at)) {
      this.question = at;
      this.asked += 1;
      return this.answered();
    }
    const mode = this.modeOf(at);
    if (mode === undefined) return '';
    if (this.remarked !== undefined) return this.next(mode);
    if (this.remark !== undefined) return '';
    this.remark = this.nextRemark();
    return this.remark + enter;
  }

  private answered(): string {
    return this.command!.questions![this.asked - 1]!.answer;
  }

  private next(mode: string): string {
    if (mode !== this.remarked) throw this.misunderstood(`a remark changed its mode from ${this.remarked} to ${mode}`);
    const reply = this.command ? this.judged(this.command, mode) : { lines: [], no: [], mode };
    const { done, value } = this.commands.next(reply);
    if (done) {
      this.told = value;
      return this.manners.leaving;
    }
    if (value.line.length > this.manners.longestLine)
      throw new Unsendable(`A command is longer than ${this.manners.longestLine} characters.`);
    this.begun ||= this.opened;
    this.command = value;
    this.echo = value.line;
    this.mode = mode;
    this.lines = [];
    this.tail = '';
    this.asked = 0;
    this.remark = undefined;
    this.remarked = undefined;
    return value.line + this.manners.enter;
  }

  private judged({ reply, no, questions = [], to = [this.mode] }: Command, mode: string): Reply {
    const lines = this.lines.filter((each) => each.trim() !== '');
    const refused = lines.filter((each) => no?.test(each));
    const others = lines.filter((each) => !no?.test(each));
    const error = others.find((each) => this.manners.errors.some((pattern) => pattern.test(each)));
    if (error !== undefined) throw this.misunderstood('not taken', error);
    const odd = others.find((each) => !reply?.test(each));
    if (odd !== undefined) throw this.misunderstood('a line nobody expects', odd);
    if (refused.length === 0 && this.asked < questions.length) throw this.misunderstood('it did not ask what it was to ask');
    if (!to.includes(mode)) throw this.misunderstood(`it is in mode ${mode} then`);
    return { lines: others, no: refused, mode };
  }

  private modeOf(at: string): string | undefined {
    return Object.entries(this.manners.prompts).find(([, prompt]) => prompt.test(at))?.[0];
  }

  private nextRemark(): Line {
    this.remarks += 1;
    return line`${{ quoted: this.manners.remark }} ${`${this.token}${this.remarks}`}`;
  }

  private misunderstood(why: string, said?: string): Stopped {
    const where = this.command ? `to "${this.command.line}"` : 'before its first prompt';
    return new Stopped(`${where}: ${why}${said === undefined ? '' : `: ${said.slice(0, 200)}`}`);
  }
}

class Stopped extends Error {}

/** By hand: a device that sends carriage returns alone would be searched from each of them. */
function withoutReturns(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '\r') end -= 1;
  return text.slice(0, end);
}
