type MetricLabels = Readonly<Record<string, string>>;
export type MetricSample = readonly [labels: MetricLabels, value: number];

/** For a textfile collector of Prometheus; nothing where there are no samples. Source: prometheus.io/docs/instrumenting/exposition_formats (text format 0.0.4). */
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

/** Of this run, since 1970: what of a file is too old nobody has to believe. */
export const getEpochSeconds = (): number => Math.floor(Date.now() / 1000);
