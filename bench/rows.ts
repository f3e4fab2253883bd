// The table of all benchmarks: each row is a shell command to time, with its limits of seconds and memory. Also the
// sizes that rows are measured with, and the programs that a row needs.

/** A shell command to time, as a whole process. `$W` is the folder of inputs and outputs, `$B` the built programs. */
export interface Row {
  readonly label: string;
  readonly command: string;
  /** Limit of the seconds. */
  readonly budget?: number;
  /** Limit of the peak memory in MiB. */
  readonly peakBudget?: number;
  /** A command that runs before each round and is not timed. */
  readonly before?: string;
  /** Programs that must be installed; else the row names the missing ones. */
  readonly needs?: readonly string[];
  readonly root?: true;
}

export interface Group {
  readonly name: string;
  readonly title: string;
  readonly rows: readonly Row[];
}

/**
 * Returns the numbers of stacks to review together. The budget is for 200. More take minutes and run only if
 * the group is asked for by name.
 */
export const stacksOf = (asked: boolean): readonly number[] => (asked ? [100, 200, 500, 1000] : [25, 50, 100, 200]);

/** The Terraform resource types of a release. CHANGE is the number of mappings that a usual change touches. */
export const RESOURCES = ['null_resource', 'terraform_data'] as const;
export const CHANGE = 3;

/** The numbers of servers to verify. */
export const VERIFIED = [50, 200] as const;

/** `apart`: the inside networks of the stacks differ; `alike`: they are all the same. */
export const NUMBERED = ['apart', 'alike'] as const;

/** Returns the review of stacks: the first three with plans of one kind, all others with plans of another. */
const reviewOfStacks = (stacks: number, numbered: string, three: string, others: string): string =>
  `cd "$W/stacks/${numbered}" && node "$B/cli/main.js" review $(seq -f '${three}/s%g.json' 0 2) $(seq -f '${others}/s%g.json' 3 ${stacks - 1}) --format json --out "$W/review.json" >/dev/null`;

/** Returns the rows of this package in their groups; most are of `n` mappings × 20 ports. */
export function groups(n: number, terraform: string, stacks: readonly number[]): readonly Group[] {
  // Fewer mappings have no budget: their numbers are only for comparison.
  const budget = (seconds: number, peak?: number): Pick<Row, 'budget' | 'peakBudget'> =>
    n === 10_000 ? { budget: seconds, ...(peak === undefined ? {} : { peakBudget: peak }) } : {};
  const ours = (program: string, ...args: readonly string[]): string =>
    `node "$B/bench/programs/${program}.js" ${args.join(' ')}`;
  const needs = terraform === '' ? ['terraform'] : [];
  return [
    {
      name: 'compile',
      title: `Compile ${n} mappings × 20 ports`,
      rows: [
        {
          label: 'cpanel-edge, nftables',
          command: ours('compile', '"$W/intent.json"', '"$W/ours.nft"'),
          ...budget(0.3),
        },
        { label: 'cpanel-edge, iptables', command: ours('compile', '"$W/iptables.json"', '"$W/ours.rules"') },
        {
          label: 'cpanel-edge, pfSense',
          command: ours('compile', '"$W/pfsense.json"', '"$W/ours.xml"'),
          ...budget(0.3),
        },
        { label: 'node alone', command: 'node -e 0' },
      ],
    },
    {
      name: 'prove',
      title: `Prove ${n} mappings × 20 ports`,
      rows: [
        { label: 'compile and prove', command: ours('prove', '"$W/intent.json"'), ...budget(1, 300) },
        { label: 'compile and prove for pfSense', command: ours('prove', '"$W/pfsense.json"'), ...budget(1, 300) },
        {
          label: "exposure of pfSense's config.xml",
          command: `node "$B/cli/main.js" exposure "$W/ours.xml" --to 198.18.0.1 >/dev/null`,
          ...budget(2),
        },
        {
          label: `prove ${n * 20} single-port rules`,
          command: ours('prove-single', '"$W/intent.json"', '"$W/single.nft"'),
          ...budget(3),
        },
        {
          label: 'diff with 5 mappings changed',
          command: ours('diff', '"$W/ours.nft"', '"$W/changed.nft"', '5'),
          ...budget(0.3),
        },
      ],
    },
    {
      name: 'load',
      title: `Load ${n} mappings × 20 ports into the kernel`,
      rows: [
        { label: 'empty namespace', command: 'unshare -n true', needs: ['unshare'], root: true },
        { label: 'ideal by hand', command: 'unshare -n nft -f "$W/ideal.nft"', needs: ['unshare', 'nft'], root: true },
        {
          label: 'cpanel-edge, nftables',
          command: 'unshare -n nft -f "$W/ours.nft"',
          needs: ['unshare', 'nft'],
          root: true,
        },
        ...['iptables-nft-restore', 'iptables-legacy-restore'].map((program): Row => ({
          label: `cpanel-edge, ${program}`,
          command: `unshare -n ${program} "$W/ours.rules4"`,
          needs: ['unshare', program],
          root: true,
        })),
      ],
    },
    {
      name: 'constructs',
      title: `${n} constructs through cdktf`,
      rows: [
        { label: 'cdktf alone', command: ours('constructs', '0', '"$W/empty.out"') },
        {
          label: `${n} × new OneToOneNat, synthesized`,
          command: ours('constructs', String(n), '"$W/cdktf.out"'),
          ...budget(2),
        },
        ...[50, 200].map((count): Row => ({
          label: `${count} stacks of a gateway, ten servers and twenty mappings, synthesized`,
          command: ours('sites', String(count), '"$W/sites.out"'),
          ...(count === 200 ? { budget: 8, peakBudget: 500 } : {}),
        })),
      ],
    },
    {
      name: 'review',
      title: `Review a plan of ${n} mappings × 20 ports`,
      rows: [5, 1000]
        .filter((changed) => changed <= n)
        .map((changed) => ({
          label: `review of the plan's JSON, ${changed} mappings changed`,
          // The status is 1, because the review objects: the farm opens MySQL to the internet.
          command: `node "$B/cli/main.js" review "$W/plan-${changed}.json" --format json --out "$W/review.json" >/dev/null; [ $? = 1 ]`,
          needs,
        })),
    },
    {
      name: 'stacks',
      title:
        'Review many stacks, each a gateway, ten servers and twenty mappings, with inside networks apart or all alike',
      // They don't run in the root of this repository: its review rules object to these stacks.
      rows: stacks
        .flatMap((count) =>
          NUMBERED.flatMap((inside) => [
            {
              label: `${count} stacks ${inside}, all of them first releases`,
              command: reviewOfStacks(count, inside, 'first', 'first'),
            },
            {
              label: `${count} stacks ${inside}, of which three change`,
              command: reviewOfStacks(count, inside, 'changed', 'unchanged'),
            },
          ]),
        )
        .map((row) => (row.label.startsWith('200 ') ? { ...row, budget: 15, peakBudget: 600 } : row)),
    },
    {
      name: 'verify',
      title: 'Verify many servers, each as delivered (what they take to answer left out)',
      rows: VERIFIED.map((count) => ({
        label: `verify of ${count} servers`,
        command: `cd "$W/devices/${count}" && ip netns exec "$DEVICES" node "$B/cli/main.js" verify >/dev/null`,
        needs: ['ip', 'sshd', 'nft'],
        root: true,
        ...(count === 200 ? { budget: 60 } : {}),
      })),
    },
    {
      name: 'terraform',
      title: `Terraform with ${n} mappings in one release (delivery itself left out)`,
      rows: RESOURCES.flatMap((resource) => {
        // null_resource is for releases of ordinary size and has no budget here.
        const within = (seconds: number): Pick<Row, 'budget'> => (resource === 'terraform_data' ? budget(seconds) : {});
        const [first, changed] = ['first', 'changed'].map((which) => `cd "$W/${which}-${resource}/stacks/bench"`);
        const forgotten = `rm -f "$W/first-${resource}"/terraform.bench.tfstate*`;
        const plan = `"${terraform}" plan -input=false -no-color -out=plan`;
        return [
          {
            label: `first plan, ${resource}`,
            needs,
            ...within(2.5),
            before: forgotten,
            command: `${first} && ${plan}`,
          },
          {
            label: `its apply, ${resource}`,
            needs,
            ...within(2),
            before: `${forgotten} && ${first} && ${plan}`,
            command: `${first} && CPANEL_EDGE=true "${terraform}" apply -input=false -no-color plan`,
          },
          {
            label: `plan of ${CHANGE} mappings changed, ${resource}`,
            needs,
            ...within(3.5),
            command: `${changed} && ${plan}`,
          },
        ];
      }),
    },
  ];
}

/** Returns the programs that a command of the other tools' table needs and that not every Debian has. */
export function needsOf(command: string): readonly string[] {
  const programs = [
    'aclgen',
    'ferm',
    'fwb_ipt',
    'shorewall',
    'firehol',
    'ipset',
    'iptables-restore',
    'iptables-nft-restore',
    'iptables-legacy-restore',
  ];
  return programs.filter((program) => new RegExp(`(^|[ ;&'])${program} `).test(command));
}
