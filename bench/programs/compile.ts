// usage: compile.js INTENT OUT: intent to native text, as one process.
import { writeFileSync } from 'node:fs';
import { nftables } from '../../lib/platforms/nftables';
import { compiled } from './compiled';

const [intent, out] = process.argv.slice(2) as [string, string];
writeFileSync(out, nftables.writer.write(compiled(intent)).text);
