// usage: test.ts, by test.sh: tests with the real Terraform that null_resource does what this package needs.
import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from 'node:assert';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const terraform = process.env.TERRAFORM_BINARY_NAME ?? 'terraform';
const folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-null-'));
const run = (...args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(terraform, args, { cwd: folder, encoding: 'utf8', timeout: 120_000 });
  strictEqual(status, 0, `terraform ${args.join(' ')}\n${stdout}\n${stderr}`);
  return stdout;
};

function configure(text: string, source = 'hashicorp/null'): void {
  writeFileSync(
    join(folder, 'main.tf'),
    `terraform {
  required_providers {
    null = {
      source  = "${source}"
      version = "3.2.4"
    }
  }
}
resource "null_resource" "release" {
  triggers = { line = "web: 80, 443", text = sensitive(base64encode("${text}")) }
  lifecycle { create_before_destroy = true }
  provisioner "local-exec" { command = "echo delivered ${text} | tee -a delivered" }
}
`,
  );
}

interface Shown {
  readonly resource_changes: readonly {
    readonly change: {
      readonly actions: readonly string[];
      readonly before: { readonly id: string; readonly triggers: Record<string, string> } | null;
      readonly after: { readonly triggers: Record<string, string> } | null;
      readonly before_sensitive: { readonly triggers?: Record<string, boolean> } | false;
      readonly after_sensitive: { readonly triggers?: Record<string, boolean> } | false;
    };
  }[];
}

function plan(): { readonly human: string; readonly change: Shown['resource_changes'][number]['change'] } {
  const human = run('plan', '-no-color', '-input=false', '-out=plan');
  return { human, change: (JSON.parse(run('show', '-json', 'plan')) as Shown).resource_changes[0]!.change };
}

const encoded = (text: string): string => Buffer.from(text).toString('base64');
const identity = (): string =>
  (
    JSON.parse(readFileSync(join(folder, 'terraform.tfstate'), 'utf8')) as {
      resources: { instances: { attributes: { id: string } }[] }[];
    }
  ).resources[0]!.instances[0]!.attributes.id;

const steps: Record<string, () => void> = {
  'init finds the provider without a registry': () => {
    configure('old');
    match(run('init', '-no-color', '-input=false'), /hashicorp\/null v3\.2\.4/);
  },
  'it is found by the name that OpenTofu gives it, too': () => {
    configure('old', 'registry.opentofu.org/hashicorp/null');
    match(run('init', '-no-color', '-input=false', '-upgrade'), /registry\.opentofu\.org\/hashicorp\/null v3\.2\.4/);
    configure('old');
    run('init', '-no-color', '-input=false', '-upgrade');
  },
  'a sensitive trigger is hidden in the human plan and plain in the JSON': () => {
    const { human, change } = plan();
    match(human, /\+ "?text"?\s+= \(sensitive value\)/);
    match(human, /\+ "?line"?\s+= "web: 80, 443"/);
    ok(!human.includes(encoded('old')));
    deepStrictEqual([change.actions, change.after?.triggers.text], [['create'], encoded('old')]);
    deepStrictEqual(change.after_sensitive, { triggers: { text: true } });
  },
  'the saved plan applies and its output is visible': () => {
    match(run('apply', '-no-color', '-input=false', 'plan'), /delivered old/);
    strictEqual(readFileSync(join(folder, 'delivered'), 'utf8'), 'delivered old\n');
    match(run('plan', '-no-color', '-input=false', '-detailed-exitcode'), /No changes/);
  },
  'a changed trigger replaces, the new one first': () => {
    const before = identity();
    configure('new');
    const { human, change } = plan();
    match(human, /forces replacement/);
    match(human, /1 to add, 0 to change, 1 to destroy/);
    deepStrictEqual(change.actions, ['create', 'delete']);
    deepStrictEqual([change.before?.triggers.text, change.after?.triggers.text], [encoded('old'), encoded('new')]);
    deepStrictEqual(change.before_sensitive, { triggers: { text: true } });
    const applied = run('apply', '-no-color', '-input=false', 'plan');
    ok(
      applied.indexOf('Creation complete') < applied.indexOf('Destroying...') && applied.includes('Destroying...'),
      applied,
    );
    notStrictEqual(identity(), before);
  },
  'a failed delivery taints the new one and keeps the old one': () => {
    configure('worse; exit 1 #');
    const failed = spawnSync(terraform, ['apply', '-no-color', '-input=false', '-auto-approve'], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 120_000,
    });
    strictEqual(failed.status, 1);
    const state = execFileSync(terraform, ['state', 'pull'], { cwd: folder, encoding: 'utf8' });
    match(state, /"status": "tainted"/);
    match(state, /"deposed": /);
    configure('good');
    run('apply', '-no-color', '-input=false', '-auto-approve');
    // This doesn't check the summary line: Terraform counts concurrent destroys sometimes once, sometimes twice.
    const after = execFileSync(terraform, ['state', 'pull'], { cwd: folder, encoding: 'utf8' });
    ok(!after.includes('"deposed"') && !after.includes('"tainted"'), after);
    match(run('plan', '-no-color', '-input=false', '-detailed-exitcode'), /No changes/);
  },
  'it all goes': () => {
    match(run('destroy', '-no-color', '-input=false', '-auto-approve'), /1 destroyed/);
  },
};

let passed = 0;
try {
  for (const [name, step] of Object.entries(steps)) {
    step();
    passed += 1;
    console.log(`ok: ${name}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
  const failed = passed === Object.keys(steps).length ? 0 : 1;
  console.log(`${passed} passed, ${failed} failed`);
  if (process.env.CPANEL_EDGE_TEST_COUNT)
    writeFileSync(process.env.CPANEL_EDGE_TEST_COUNT, `${passed} passed, ${failed} failed\n`);
}
