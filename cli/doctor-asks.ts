import { printAddress } from '../lib/net/address';
import { Refusal } from '../lib/problems/problem';
import { Policy } from '../lib/policy/policy';
import { loopbackPorts } from '../driver/cpanel-loopback';
import { Case, Part, onWire } from '../driver/doctor/case';
import { Walked, judging } from '../driver/doctor/doctor';
import { Device, Wanted, seenAt, wasSeen } from '../driver/doctor/look';
import { namesOf, seenNamed } from '../driver/live-names';
import { Look, look } from '../driver/look';
import { withSsh } from '../driver/ssh';
import { Holder } from '../driver/synthesized';
import { AT_ONCE, eachOf } from './each-of';
import { NOTHING_CHANGED, orSaid } from './interrupted';
import { withProgress } from './progress';
import { ReaderOptions, asReader } from './login';
import { projectAt } from './target';

interface Walks {
  /** What the devices on the way of each said, in the order of the cases. */
  readonly walked: readonly Walked[];
  /** Each device that could not be asked, with each reason once. */
  readonly refused: readonly { readonly device: string; readonly refusal: Refusal }[];
}

/** One device, asked for one address. */
interface Ask {
  readonly part: Part<Policy>;
  readonly wanted: Wanted;
}

/** Asks the devices of all ways, each of both for itself, by a login for each question. What a device holds it is asked once. */
export async function walksOf(
  cases: readonly Case[],
  holders: readonly Holder[],
  options: ReaderOptions,
): Promise<Walks> {
  const held = new Map<string, Promise<Look>>();
  const heldOnce: typeof look = (remote, of) => {
    const key = JSON.stringify(remote.connection);
    const known = held.get(key) ?? look(remote, of);
    held.set(key, known);
    return known;
  };
  const seen = async ({ part: { holder, policy }, wanted }: Ask): Promise<Device> => {
    try {
      return await withSsh(asReader(holder.connection, options), process.env, async (remote) => {
        const { connection } = remote;
        const of = { connection, device: holder.device, owner: holder.owner, project: projectAt(holder) };
        return seenNamed(await seenAt(remote, wanted, of, heldOnce), namesOf(policy));
      });
    } catch (error) {
      if (error instanceof Refusal) return { refusal: error };
      throw error;
    }
  };
  const asks = cases.flatMap((one) => [gatewayAsk(one), ...(one.server ? [serverAsk(one, one.server)] : [])]);
  const devices = await orSaid(
    () => NOTHING_CHANGED,
    () => withProgress('questions asked', (at) => eachOf(asks, AT_ONCE, seen, at)),
  );
  const answers = devices[Symbol.iterator]();
  const judges = judging(holders, projectAt);
  const next = (): Device => answers.next().value as Device;
  return {
    walked: cases.map(({ server }) => ({ gateway: next(), server: server ? next() : undefined, ...judges })),
    refused: refusedOf(asks, devices),
  };
}

const packetOf = ({ question, inside, source }: Case): Wanted => ({
  public: printAddress(question.address),
  inside: printAddress(inside),
  source: printAddress(source),
  port: question.port,
  protocol: question.protocol,
});

function gatewayAsk(one: Case): Ask {
  const wire = one.virtualIp?.kind === 'other' ? undefined : one.virtualIp?.interface;
  return {
    part: one.gateway,
    wanted: { ...packetOf(one), arrives: one.arrives.name, ...(wire === undefined ? {} : { wire }) },
  };
}

function serverAsk(one: Case, part: NonNullable<Case['server']>): Ask {
  const ports = loopbackPorts(part.policy);
  const entry = part.policy.interfaces.find((each) => onWire(each, one.inside))?.name;
  return {
    part,
    wanted: {
      ...packetOf(one),
      ...(ports.length === 0 ? {} : { loopback: ports.join(',') }),
      ...(entry === undefined ? {} : { arrives: entry }),
    },
  };
}

function refusedOf(asks: readonly Ask[], devices: readonly Device[]): Walks['refused'] {
  const all = devices.flatMap((device, at) =>
    wasSeen(device) ? [] : [{ device: asks[at]!.part.holder.device, refusal: device.refusal }],
  );
  return [...new Map(all.map((one) => [`${one.device}: ${one.refusal.message}`, one])).values()];
}
