import { Capturing } from '../reading/capture';
import { Foreign } from '../reading/foreign';
import { Importing } from '../reading/found';
import { Live } from '../reading/live';
import { Reader } from '../reading/reader';
import { Excess, Writer } from '../writing/writer';

/** What a target can do exactly. The writer refuses by it, the docs table is made from it, plans print what matters. */
export interface Capabilities {
  readonly roles: readonly ('gateway' | 'server')[];
  /** Versions of the platform that were tried, as people write them, and how. */
  readonly versions: readonly string[];
  readonly virtualIps: readonly ('ip-alias' | 'carp' | 'proxy-arp' | 'other')[];
  readonly subnets: boolean;
  readonly destinationRestriction: boolean;
  readonly exclusion: { readonly inside: boolean; readonly peer: boolean };
  readonly reflection: readonly ('nat-proxy' | 'pure-nat' | 'disabled' | 'system-default')[];
  /** What passes besides what is asked for. The meaning's upper bounds grow by it, and every report says so. */
  readonly excess: Excess;
  readonly ipv6: { readonly mappings: boolean; readonly server: boolean };
  /** Whether translation keeps a connection's source port. */
  readonly keepsSourcePorts: boolean;
  readonly transition: 'atomic' | 'never wider' | 'brief closed' | 'brief open';
  readonly commitConfirm: 'yes' | 'with reboot' | 'no';
  readonly rebootUndo: boolean;
  /** Whether closing a port ends the sessions that run through it. */
  readonly endsSessions: boolean;
}

/** What is read of any device: of a platform that nothing writes yet, all there is. */
export interface Readable {
  readonly reader: Reader;
  readonly foreign: Foreign;
}

/** A target format: a value, not a class. */
export interface Platform extends Readable {
  readonly capabilities: Capabilities;
  readonly writer: Writer;
  readonly live: Live;
  /** Of editors: what they edit can be captured. */
  readonly capturing?: Capturing;
  /** Where others' entries can become an intent. */
  readonly importing?: Importing;
}
