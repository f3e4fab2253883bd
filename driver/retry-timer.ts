/** Seconds between two times of asking. */
export const PAUSE_SECONDS = 2;

/** How long to hope. A device that answers slowly each time would be asked for hours where only the pauses count. */
export class RetryTimer {
  private readonly startedAt = performance.now();
  private pausedSeconds = 0;

  isOver(seconds: number): boolean {
    return Math.max(this.pausedSeconds, (performance.now() - this.startedAt) / 1000) >= seconds;
  }

  async pause({ wait }: { wait(seconds: number): Promise<void> }): Promise<void> {
    this.pausedSeconds += PAUSE_SECONDS;
    await wait(PAUSE_SECONDS);
  }
}
