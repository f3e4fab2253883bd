// A release file, as it comes on standard input: eight lines of head, then three counted sections.
//   cpanel-edge-release 1 / role / owner / lease / token / digest / tag / on-retract
//   addresses N, lines; claims N, lines; text N, lines

const HEAD = [
    'cpanel-edge-release' => '1',
    'role' => 'gateway',
    'owner' => '[a-z0-9][a-z0-9-]*',
    'lease' => '[A-Za-z0-9][A-Za-z0-9-]*',
    'token' => '[0-9a-f]+',
    'digest' => '[0-9a-f]{64}',
    'tag' => 'cpanel-edge:[a-z0-9-]+',
    'on-retract' => 'keep-closed|as-before',
];
const ADDRESS_LINE = '(?:alias|proxy-arp|routed) [A-Za-z0-9][A-Za-z0-9_.:@-]* [0-9a-f.:]+\/[0-9]+';
const CLAIM_LINE = '(?:outside|inside) [0-9a-f.:]+(?:\/[0-9]+)?';
// A few lines may stand for many addresses: more than a /16 is no release.
const MOST_LINES = ['addresses' => 65536, 'claims' => 200000, 'text' => 5000000];

/** @return array|string head, addresses, claims and text; or what is wrong, as a word */
function release_of(string $file)
{
    $whole = @file_get_contents($file);
    return $whole === false ? 'unreadable' : parsed_release($whole);
}

/** @return array|string */
function parsed_release(string $whole)
{
    $at = 0;
    $next = static function () use ($whole, &$at): ?string {
        $end = strpos($whole, "\n", $at);
        if ($end === false) {
            return null;
        }
        $line = substr($whole, $at, $end - $at);
        $at = $end + 1;
        return $line;
    };
    $release = [];
    foreach (HEAD as $name => $pattern) {
        $line = $next();
        if ($line === null || !matches($line, preg_quote($name, '/') . ' (?:' . $pattern . ')')) {
            return $name === 'cpanel-edge-release' ? 'foreign-format' : $name;
        }
        $release[$name] = substr($line, strlen($name) + 1);
    }
    if ($release['tag'] !== TAG . $release['owner']) {
        return 'tag';
    }
    foreach (MOST_LINES as $section => $most) {
        $line = $next();
        if ($line === null || !matches($line, $section . ' [0-9]{1,9}')) {
            return "section-$section";
        }
        $count = (int) substr($line, strlen($section) + 1);
        if ($count > $most) {
            return "too-many-$section";
        }
        $begin = $at;
        $lines = [];
        for ($left = $count; $left > 0; $left--) {
            $line = $next();
            if ($line === null) {
                return 'cut-off';
            }
            if ($section !== 'text') {
                if (!matches($line, $section === 'claims' ? CLAIM_LINE : ADDRESS_LINE)) {
                    return $section === 'claims' ? 'claim-line' : 'address-line';
                }
                $lines[] = $line;
            }
        }
        $release[$section] = $section === 'text' ? substr($whole, $begin, $at - $begin) : $lines;
    }
    return $at === strlen($whole) ? $release : 'more-than-announced';
}

function digest_of(array $release): string
{
    $addresses = implode('', array_map(static function (string $line): string {
        return "$line\n";
    }, $release['addresses']));
    return hash('sha256', $release['text'] . $addresses);
}

/** Whole, as it was sent, and of this owner; or null: on its way from step to step nothing may change it. */
function whole_release(string $file): ?array
{
    $release = release_of($file);
    if (!is_array($release) || $release['owner'] !== owner() || digest_of($release) !== $release['digest']) {
        return null;
    }
    return $release;
}

/** Of a file of ours that may be damaged: then "none". */
function head_of(string $file, string $name): string
{
    $release = release_of($file);
    return is_array($release) ? $release[$name] : 'none';
}

function running_digest(): string
{
    $file = confirmed_file();
    return $file === null ? 'none' : head_of($file, 'digest');
}
