// Prints metrics of `doctor` and `verify` in the text format of Prometheus.
type MetricLabels = Readonly<Record<string, string>>;
export type MetricSample = readonly [labels: MetricLabels, value: number];

/**
 * Returns a gauge for a textfile collector of Prometheus; empty without samples. Source:
 * prometheus.io/docs/instrumenting/exposition_formats (text format 0.0.4).
 */
export function printGauge(name: string, help: string, samples: readonly MetricSample[]): string {
  const metric = `cpanel_edge_${name}`;
  const lines = samples.map(([labels, value]) => `${metric}${printLabels(labels)} ${value}\n`);
  return lines.length === 0 ? '' : `# HELP ${metric} ${help}\n# TYPE ${metric} gauge\n${lines.join('')}`;
}

function printLabels(labels: MetricLabels): string {
  const labelTexts = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`,
  );
  return labelTexts.length === 0 ? '' : `{${labelTexts.join()}}`;
}

/** Returns the time of this run in seconds since 1970. It lets a reader of the metrics tell that a file is too old. */
export const getEpochSeconds = (): number => Math.floor(Date.now() / 1000);
