// usage: stacks.js FIRST END OUTDIR apart|alike: writes plans of the stacks from FIRST to before END. Each stack has a
// gateway, ten servers and twenty mappings. Their inside networks differ (apart) or are all the same (alike).
// OUTDIR/first/sN.json: the first release. unchanged/sN.json: no change. changed/sN.json: one port more on its first
// server.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TerraformStack, Testing } from 'cdktf';
import { listStackReleases } from '../../lib/review/plan/stack-releases';
import { Numbered, site } from '../site';

const CHANGED = 3;
const [first, end, outdir, inside] = process.argv.slice(2) as [string, string, string, Numbered];

type Json = Readonly<Record<string, unknown>>;
type ByName = Readonly<Record<string, Json>>;

/** Returns the resources in cdk.tf.json of one stack, with their triggers as Terraform reads them. */
function resourcesOf(n: number, more: boolean): ByName {
  const stack = new TerraformStack(Testing.app({ context: { releaseResource: 'terraform_data' } }), `s${n}`);
  site(stack, n, inside, more);
  const synthesized = JSON.parse(Testing.synth(stack)) as { resource: { terraform_data: ByName } };
  const triggers = listStackReleases(synthesized);
  return Object.fromEntries(
    Object.entries(synthesized.resource.terraform_data).map(([name, resource]) => {
      const own = triggers.get(`terraform_data.${name}`);
      return [name, own ? { ...resource, triggers_replace: { ...own, lease: 'lease' } } : resource];
    }),
  );
}

const valuesOf = ({ input, triggers_replace: triggers }: Json): Json =>
  triggers === undefined ? { id: 'lease', input } : { triggers_replace: triggers };

/** Returns `terraform show -json` of a plan, with the parts that a review reads. */
function planOf(before: ByName | undefined, after: ByName): string {
  const changes = Object.entries(after).map(([name, resource]) => {
    const [was, will] = [before?.[name] && valuesOf(before[name]), valuesOf(resource)];
    const actions = !was ? ['create'] : JSON.stringify(was) === JSON.stringify(will) ? ['no-op'] : ['create', 'delete'];
    const of = { address: `terraform_data.${name}`, mode: 'managed', type: 'terraform_data', name };
    const { provisioner } = resource as { provisioner: readonly { 'local-exec': Json }[] };
    const expressions = provisioner.map(({ 'local-exec': { command, environment } }) => ({
      type: 'local-exec',
      expressions: { command: { constant_value: command }, environment: { constant_value: environment } },
    }));
    return {
      of,
      was,
      change: { actions, before: was ?? null, after: will },
      configured: { ...of, provisioners: expressions },
    };
  });
  const recorded = changes.flatMap(({ of, was }) => (was ? [{ ...of, values: was }] : []));
  return JSON.stringify({
    format_version: '1.2',
    terraform_version: '1.11.4',
    complete: true,
    errored: false,
    resource_changes: changes.map(({ of, change }) => ({ ...of, change })),
    ...(before ? { prior_state: { values: { root_module: { resources: recorded } } } } : {}),
    configuration: { root_module: { resources: changes.map(({ configured }) => configured) } },
  });
}

const write = (kind: string, n: number, plan: string): void => {
  mkdirSync(join(outdir, kind), { recursive: true });
  writeFileSync(join(outdir, kind, `s${n}.json`), plan);
};
for (let n = Number(first); n < Number(end); n += 1) {
  const resources = resourcesOf(n, false);
  write('first', n, planOf(undefined, resources));
  write('unchanged', n, planOf(resources, resources));
  if (n < CHANGED) write('changed', n, planOf(resources, resourcesOf(n, true)));
}
