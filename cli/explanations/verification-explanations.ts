// Explanations of the codes proving/… and delivering/…: generated config that differs from its policy, and releases
// that can't be encoded. docs/reference/errors/proving.md is made of them.
import { ExplanationPage } from './explanation-page';

export const verificationExplanations: ExplanationPage = {
  name: 'proving',
  title: 'Verification and release: proving/…, policy/…, delivering/…',
  introduction:
    'At synthesis a second program parses the text for the device and compares its reachability with the intent. [What is proven](docs/explanation/what-is-proven.md). A difference is a mistake of this package unless the message names a rule of the captured config: please report it, with the text.',
  explanations: {
    'proving/adds':
      'The text would be added to a table of the same name on the device, so rules removed from the intent would stay. Please report it, unless a captured rule is named.',
    'proving/announces':
      'The device would announce other addresses than the intent says. Look at the captured config; without one, please report it.',
    'proving/changed':
      'Packets would arrive at another host, or from another source, than the intent says. Look at translations in the captured config, port forwards first.',
    'proving/closes':
      'The text would close traffic of other owners, or of trusted networks. Look for a captured rule at the same address.',
    'proving/composition-missing':
      "Gateway and server are right alone, but together don't pass what the intent asks for. Please report it with both texts.",
    'proving/composition-opens':
      'Gateway and server are right alone, but together allow more than the intent. Please report it with both texts.',
    'proving/diverted':
      'Packets to addresses of others would be translated. Look for a captured rule with these addresses; without one, please report it.',
    'proving/lets-in':
      'The device bans a source, and the text would allow it again. Remove the source from the intent, or the ban from the device.',
    'proving/missing':
      'Something that the intent asks for would not pass. Remove the captured rule that closes it, or the entry; without such a rule, please report it.',
    'proving/opens':
      "Something would be open that the intent doesn't ask for. Remove the captured rule that allows it and capture again; without such a rule, please report it.",
    'proving/too-much-to-compare':
      'The two rulesets differ in too many ways to compare. Let rules share their address lists, or raise `CPANEL_EDGE_WORK`.',
    'proving/too-much-to-prove':
      "The owner's rules distinguish too many kinds of packets. Share profiles and source lists, split the owner, or raise `CPANEL_EDGE_WORK`.",
    'proving/touches':
      'The text would change rules of another owner or of the administrator. Please report it with the text.',
    'proving/undecided':
      "A captured rule on this owner's addresses depends on time, a counter or unknown words. Remove that rule, or make it decidable.",
    'proving/unknown-platform':
      "A plan or release names a platform that this version doesn't have in that role. Use the version that made it.",
    'proving/yields':
      'An unmanaged translation could come before ours for our public addresses. Remove it, or keep its addresses apart.',
    'policy/odd-text':
      "The release's policy can't be read: edited, cut off, or of a newer version. Use the plan as Terraform printed it, and the version that made it.",
    'delivering/foreign-format':
      'Another version of cpanel-edge made the plan. Install that version where the plan is applied, or plan again.',
    'delivering/no-work':
      '`cpanel-edge deliver` gets its release from Terraform. By hand use `verify` to look at a device, `remove` to remove an owner.',
    'delivering/too-much-work':
      "The release is larger than a command's environment may be. Split the owner in two on the device, or write larger networks.",
    'delivering/work-incomplete':
      'A piece of the release is missing from the environment. Look for a wrapper that changes the environment, then plan again.',
    'delivering/work-too-large':
      'The release unpacks to more than the limit. Synthesize again; if it really is this large, split the owner or raise `CPANEL_EDGE_WORK`.',
    'delivering/work-unreadable':
      "The release can't be unpacked or doesn't match its digest; nothing was sent. Plan again with the version that applies.",
  },
};
