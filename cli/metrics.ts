type Labels = Readonly<Record<string, string>>;
export type Sample = readonly [labels: Labels, value: number];

/** For a textfile collector of Prometheus; nothing where there are no samples. Source: prometheus.io/docs/instrumenting/exposition_formats (text format 0.0.4). */
export function gauge(name: string, help: string, samples: readonly Sample[]): string {
  const metric = `cpanel_edge_${name}`;
  const lines = samples.map(([labels, value]) => `${metric}${labelled(labels)} ${value}\n`);
  return lines.length === 0 ? '' : `# HELP ${metric} ${help}\n# TYPE ${metric} gauge\n${lines.join('')}`;
}

function labelled(labels: Labels): string {
  const all = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`,
  );
  return all.length === 0 ? '' : `{${all.join()}}`;
}

/** Of this run, since 1970: what of a file is too old nobody has to believe. */
export const now = (): number => Math.floor(Date.now() / 1000);
