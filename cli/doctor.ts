import { Command } from 'commander';
import { printAddress } from '../lib/net/address';
import { printableJson } from '../lib/problems/printable-json';
import { Refusal } from '../lib/problems/problem';
import { loopbackPorts } from '../driver/cpanel-loopback';
import { STATUS, Walked, diagnose, diagnoseUnmapped } from '../driver/doctor/doctor';
import { Case, caseOf, isMapped, onWire } from '../driver/doctor/case';
import { connectFromHere } from '../driver/doctor/connect';
import { Device, Wanted, seenAt } from '../driver/doctor/look';
import { jsonOfDiagnosis, printDiagnosis } from '../driver/doctor/print';
import { questionOf } from '../driver/doctor/question';
import { namesOf, seenNamed } from '../driver/live-names';
import { projectOf } from '../driver/project';
import { withSsh } from '../driver/ssh';
import { Holder } from '../driver/synthesized';
import { eachOf } from './each-of';
import { FormatOptions, formatOf, withFormat } from './format';
import { below } from './help';
import { NOTHING_CHANGED, orSaid } from './interrupted';
import { withProgress } from './progress';
import { ReaderOptions, asReader, withReader } from './reader';
import { holdersOf, projectAt } from './target';

interface Options extends ReaderOptions, FormatOptions<'text' | 'json'> {
  readonly from?: string;
  readonly gateway?: string;
  readonly stack?: string;
}

export const doctor = withFormat(withReader(new Command('doctor')), ['text', 'json'])
  .description(
    'Says why a public address is not reachable: walks from the intent through the gateway to the server and back, and ends with the most likely cause.',
  )
  .argument('<address>', 'public address, with a port where it is not 443: 203.0.113.10:25, 203.0.113.10:53/udp')
  .option('--from <address>', 'the client that does not reach it; default: somebody outside whom the intent lets in')
  .option('--gateway <device>', 'which one, where several gateways map the address')
  .option('--stack <folder>', 'folder with the cdk.tf.json that has the mapping')
  .addHelpText(
    'after',
    below(
      'The mapping is looked for in cdk.tf.json of this folder, else in cdktf.out/stacks/*/cdk.tf.json: run cdktf synth first. Nothing is changed ' +
        'on any device; the gateway asks on its wires who has the public and the inside address (ARP), and this machine connects once.\n' +
        'Exit status: 0 nothing wrong was found; 1 a cause was found; 2 a device could not be asked, or wrong use; 3 it can’t be decided.',
    ),
  )
  .action(async (target: string, options: Options) => {
    const question = questionOf(target, options.from);
    const holders = holdersOf(options.stack);
    const one = caseOf(question, holders, options.gateway);
    const fromHere = connectFromHere(printAddress(question.address), question.port, question.protocol);
    const here = projectOf(options.stack ?? process.cwd(), { environment: process.env });
    const found = isMapped(one) ? diagnose(one, await walked(one, holders, options)) : diagnoseUnmapped(one, here);
    const lines =
      formatOf(options) === 'json'
        ? printableJson(jsonOfDiagnosis(one, found, await fromHere))
        : printDiagnosis(one, found, await fromHere).join('\n');
    process.stdout.write(`${lines}\n`);
    process.exitCode = STATUS[found.found];
  });

/** Both devices at once. */
async function walked(one: Case, holders: readonly Holder[], options: Options): Promise<Walked> {
  const { question, inside, source, gateway, server, virtualIp, arrives } = one;
  const asked = { public: printAddress(question.address), inside: printAddress(inside), source: printAddress(source) };
  const packet = { ...asked, port: question.port, protocol: question.protocol };
  const wire = virtualIp?.kind === 'other' ? undefined : virtualIp?.interface;
  const on = (holder: Holder, names: readonly string[], wanted: Wanted): Promise<Device> =>
    withSsh(asReader(holder.connection, options), process.env, (remote) =>
      seenAt(remote, wanted, {
        connection: remote.connection,
        device: holder.device,
        owner: holder.owner,
        project: projectAt(holder),
      }).then((seen) => seenNamed(seen, names)),
    ).catch((error: unknown) => {
      if (error instanceof Refusal) return { refusal: error };
      throw error;
    });
  const ports = server ? loopbackPorts(server.policy) : [];
  const more = ports.length === 0 ? {} : { loopback: ports.join(',') };
  const entry = server?.policy.interfaces.find((each) => onWire(each, inside))?.name;
  const asks = [
    () => on(gateway.holder, namesOf(gateway.policy), { ...packet, arrives: arrives.name, ...(wire === undefined ? {} : { wire }) }),
    ...(server
      ? [() => on(server.holder, namesOf(server.policy), { ...packet, ...more, ...(entry === undefined ? {} : { arrives: entry }) })]
      : []),
  ];
  const [edge, web] = await orSaid(
    () => NOTHING_CHANGED,
    () => withProgress('devices asked', (at) => eachOf(asks, asks.length, (ask) => ask(), at)),
  );
  return { gateway: edge!, server: web, holders, projectAt };
}
