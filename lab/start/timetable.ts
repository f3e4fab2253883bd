interface Part {
  readonly name: string;
  readonly seconds: number;
}

/** Says what is being done and how long it took. */
export class Timetable {
  private readonly parts: Part[] = [];

  constructor(private readonly say: (line: string) => void) {}

  async part<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.say(`\n== ${name}`);
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.parts.push({ name, seconds: (performance.now() - start) / 1000 });
    }
  }

  print(): string {
    const all = this.parts.reduce((sum, { seconds }) => sum + seconds, 0);
    return [...this.parts, { name: 'all', seconds: all }]
      .map(({ name, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${name}`)
      .join('\n');
  }
}
