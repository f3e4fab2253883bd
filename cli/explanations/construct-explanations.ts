// Explanations of the codes on docs/reference/errors/constructs.md.
import { ExplanationPage } from './explanation-page';

export const constructExplanations: ExplanationPage = {
  name: 'constructs',
  title: 'Constructs that are used otherwise: constructs/…',
  introduction: '',
  explanations: {
    'constructs/address-of-gateway':
      "A server has the address that a gateway of its stack, or one that maps it, has on an interface: mostly the gateway's was written for the server's. On one wire both answer ARP for it, and the profile would be loaded on one host and judged for the other. Write the address that `ip -o addr` prints on the server. Two sites of one stack that number alike inside belong into a stack each. A device that is gateway and server has one name, `device`, for both.",
    'constructs/address-of-other-gateway':
      "A virtual IP of one gateway, or its own public address, is the address that another gateway of the stack has on an interface. On one wire both answer ARP for it, and the one that is heard first takes the packets, those of SSH to the other gateway among them. A pair has an own address each, and shares virtual IPs: two of those that are the same are told by the review (`nat/public-address-twice`). So is the own address of a gateway in another stack as a virtual IP. Of one own address in two stacks nothing is said, as one may be a copy of the other; a delivery refuses a device that hasn't the addresses of its intent.",
    'constructs/arguments-swapped':
      '`gateway.publish(server, address)` takes first what is published, and then the public address. Here the first is a public address, and the second a server, or an address behind an inside interface. The message has the call the right way round.',
    'constructs/defaults-late':
      'Defaults are taken when a construct is made, so what stands before them would silently go without. Move `Defaults.on(…)` right behind the stack, or the construct, that it is for. See [Defaults](docs/reference/constructs/defaults.md).',
    'constructs/defaults-twice':
      'Two sets of defaults on one scope could contradict each other, and which one counts would depend on their order. Say all in one call. Where a group of servers differs, put it into a construct of its own: defaults there win over those further out, field by field.',
    'constructs/gateway-or-mapping':
      "A [NatReflection](docs/reference/constructs/nat-reflection.md) is either for a whole gateway or for one mapping, and the one of a mapping wins over that of its gateway. With both it isn't clear which is meant, with neither it is for nothing.",
    'constructs/host-published':
      "The address by which SSH reaches the gateway is one that the gateway gives away: a mapping for everybody leads whatever comes there to a server. The connection that is open goes on, the new one that proves the release would end at the server, whose host key is another one. It comes of writing the public address of a service as the gateway's host. Take an address of its own interfaces.",
    'constructs/host-virtual-ip':
      "The address by which SSH reaches the gateway is one of its own virtual IPs. What reaches such an address untranslated is dropped, so that a mapping for some peers doesn't open the gateway to all others: also SSH, with the first release. Take an address of the gateway's own interfaces. Where operators have no other, the virtual IP can answer them: `answers: [{ service: '22/tcp', from: ['198.51.100.0/24'] }]`.",
    'constructs/id-twice':
      'Constructs of one scope need ids that differ; that is a rule of the library constructs, whose own message names neither line. It mostly comes of a line that was copied, or of a loop with a fixed id. Take the name of what the construct is for: `web-nat`, or `${name}-nat` in a loop. Where a name was left to the id, a second problem says that the name is taken, too; both go with the same change.',
    'constructs/name-needed':
      '`publish` names what it makes after the public address, so a second server on the same address, one that stands by, would get the same name. A name of its own also stays when the first call is deleted some day, so that nothing is replaced then.',
    'constructs/no-address':
      '`gateway.publish(server, address)` takes the public address as a text, in second place. An object there is mostly the options, which come third. A value that is not set comes from an environment without that address, and a promise has to be awaited. A server is one host, so one address is published to it: of a block one call for each address that is used, or a OneToOneNat from a subnet to a subnet.',
    'constructs/no-capture':
      '`Gateway.fromCapture` takes the text that `cpanel-edge capture` wrote, not the name of its file and not what is in it as an object. Nothing of the gateway is known without it, so its platform and interfaces are not asked for.',
    'constructs/no-command':
      "A release is delivered by this package's own command, which Terraform starts by its path from the stack's folder. Yarn's Plug'n'Play leaves packages in archives, and a bundler takes the code away from its files: such a path leads nowhere, and the first apply would end with \"not found\". Say `nodeLinker: node-modules` in .yarnrc.yml, leave the package out of the bundle (`external`), or set CPANEL_EDGE, for synth and for apply, to what starts the command there.",
    'constructs/no-framework':
      "The stack's framework is not installed under its own name, or twice. `npm:cdktn@0.24.0` under the name `cdktf` is such an alias: depend on `cdktn` itself, and import from it. `npm ls cdktf cdktn` shows a second copy; `npm dedupe` leaves one.",
    'constructs/no-gateway':
      "A mapping is translated by one gateway. With `virtualIp` that one's gateway is it; without one, for addresses that are routed to the gateway, the mapping has to name `gateway` and `external`. See [OneToOneNat](docs/reference/constructs/one-to-one-nat.md).",
    'constructs/no-props':
      'A construct of this package takes scope, id and an object with its properties, in this order. Something else stands in the third place, or nothing does; often scope or id was left out.',
    'constructs/no-stack':
      "A gateway or a server becomes resources of Terraform, and those are in a stack. Here the scope is the `App` itself: inside of a stack's constructor it is `this`, not `scope`. A `CpanelFirewallProfile` alone may stand in the App, for several stacks.",
    'constructs/no-virtual-ip-made':
      'These options say how a new virtual IP is announced, and this call makes none: the address is there already, or comes routed. Set them on the `VirtualIp` that has the address, or leave them out.',
    'constructs/not-a-construct':
      'The field takes what `new Gateway(…)`, `new CpanelServer(…)` or the like gave, not its name, its props, or a look-alike. Where it is one and is refused all the same, the project holds this package twice, in two versions: `npm ls cpanel-edge` shows where from.',
    'constructs/one-connection':
      'The connection of a server leads to its gateway, or two devices of one stack have the same, be it by another address of that device or by a public one that leads to it: it was copied, or shared as one object. What is of the one would be loaded on the other, and the first would stay as it is. Give each device its own `host` and `hostKeys`; a server without a `host` is reached at its only address. Two devices at one private address behind different jump hosts, or behind two ports, are told apart. Two owners of one device have one name for it, `device`.',
    'constructs/other-app':
      "A construct was given one that another `App` has. What one App holds is proven together and written together, so a part can't belong to a gateway of another: nothing of it would be written there. Make both in one App; stacks may differ.",
    'constructs/other-gateway':
      "A virtual IP belongs to one gateway, and the mapping names another: the address would be announced by one firewall and translated by the other. Leave `gateway` out; the virtual IP's own is taken.",
    'constructs/owned-twice':
      'On a device each owner has one set of rules, which a release replaces whole; two constructs of one owner would undo each other at every apply. Put both into one `Gateway` or `CpanelServer`, or give the second another `owner`: owners live beside each other.',
    'constructs/release-resource':
      'A release travels in a resource of Terraform that can start a command and keep triggers. Two kinds can: `null_resource`, and `terraform_data`, which is built into Terraform and needs no registry.',
    'constructs/said-by-publish':
      'Server and address are arguments of the call, and the name of the virtual IP comes from them, so the same in the options could only contradict. Where a mapping has to be written in full, `new VirtualIp` and `new OneToOneNat` take every field. Of `addVirtualIp` and `addMapping` the gateway is the one that is asked.',
    'constructs/server-by-address':
      "A mapping has the address of a `CpanelServer` as a text. It would be a mapping of some host: nothing of the server's profile opens on the gateway, the server doesn't lead its public address back to itself, and its `cpnat` doesn't know it. Give the mapping the server, or one address of it: `gateway.publish(server, '203.0.113.10')`. A host of another site may have the same private address: what is of that site belongs into a stack of its own. Of servers in other stacks nothing is said, unless this gateway, and no other, maps servers of that stack.",
    'constructs/ssh-closed':
      "`management` opens one port for operators, and the connection uses another one, which the profile opens to nobody. The delivery would be undone after its timer, because no new connection comes through. Write the same port in both, the one that sshd listens on. Where SSH comes by another address than the server's own, as by a forwarded port, nothing is said: then that port isn't the server's.",
    'constructs/ssh-closed-to-jump':
      "SSH goes through a jump host, so the server sees the jump host in place of the operator, by the address that it has on the server's side: of a gateway that is its inside address, `10.0.0.1`, whatever its `host` is. The profile opens the port of SSH to nothing in that network, nor is any of it in `trustedNetworks`. Add the address to `management`. Nothing is said of a jump host by a name, or in another network, unless it is the gateway before the server: by which address that one comes isn't known.",
    'constructs/ssh-not-led-on':
      "A connection, or a jump host of it, is at a public address of a gateway of the same App, and the gateway lets that port through to nobody: no mapping has the address, or the profile of its server opens another port. A mapping opens what the profile opens, so `management` with the port of the connection is enough; from where operators come isn't known, so that it's their network isn't checked. Or reach the server at its own address, by way of a jump host.",
    'constructs/witness-denied':
      "A witness is a packet that has to be let through after each delivery, or the device undoes it. What the stack itself writes keeps this one out, so every delivery would be undone. Mostly the address is not the one that the sender names (a witness is written before any translation), the port isn't open to that source, or it arrives by another interface. Where the policy says nothing of such packets, as of what a gateway lets through to itself, others' rules decide, and nothing is said here.",
  },
};
