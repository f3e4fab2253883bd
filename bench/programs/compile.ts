// usage: compile.js INTENT OUT: generates the native text of the intent in a file, as one process.
import { writeFileSync } from 'node:fs';
import { getPlatform } from '../../lib/verifier/verify-policy';
import { compiled } from './compiled';

const [intent, out] = process.argv.slice(2) as [string, string];
const policy = compiled(intent);
writeFileSync(out, getPlatform(policy).generator.write(policy).text);
