// usage: sites.js COUNT OUTDIR: synthesizes COUNT stacks in one app. Each has a gateway, ten servers and twenty
// mappings.
import { App, TerraformStack } from 'cdktf';
import { numbers } from '../farm';
import { site } from '../site';

const [count, outdir] = process.argv.slice(2) as [string, string];
const app = new App({ outdir, context: { releaseResource: 'terraform_data' } });
for (const n of numbers(Number(count))) site(new TerraformStack(app, `s${n}`), n, 'apart');
app.synth();
