// Limits how long the driver retries a question to a device, by pauses and by elapsed time.

/** Seconds between two attempts. */
export const PAUSE_SECONDS = 2;

/**
 * Limits how long the driver retries. If only the pauses counted, it would ask a device with slow answers for hours.
 */
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
