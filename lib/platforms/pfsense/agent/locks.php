// Two locks. The short one: one command at a time. It is our own; the box's `config` lock is taken by the box's functions themselves. The
// long one: one delivery at a time on the device, over several connections; it is a file that names its holder.

// Of a start of the device, and no clock: nobody who sets the time ends or prolongs a trial.
function now(): int
{
    return hrtime()[0];
}

function enter(int $seconds = 60): void
{
    open_folders();
    // "e": closed in every program that is started, or one of them would keep it.
    $GLOBALS['cpanel_edge_mutex'] = @fopen(RUN . '/mutex', 'ce');
    if ($GLOBALS['cpanel_edge_mutex'] === false) {
        unset($GLOBALS['cpanel_edge_mutex']);
        refuse('folder-not-writable folder=' . RUN);
    }
    $end = now() + $seconds;
    while (!flock($GLOBALS['cpanel_edge_mutex'], LOCK_EX | LOCK_NB)) {
        if (now() >= $end) {
            refuse('busy holder=another-command');
        }
        usleep(100000);
    }
}

// Gives the lock up where it is held, and prints what was said until then.
function leave(): void
{
    if (is_resource($GLOBALS['cpanel_edge_mutex'] ?? null)) {
        fclose($GLOBALS['cpanel_edge_mutex']);
    }
    unset($GLOBALS['cpanel_edge_mutex']);
    $unsaid = $GLOBALS['cpanel_edge_unsaid'] ?? '';
    $GLOBALS['cpanel_edge_unsaid'] = '';
    if ($unsaid !== '') {
        put($unsaid);
    }
}

// A delivery that stopped without a word is forgotten after a minute; one that has armed ends by its timer.
const FORGOTTEN_AFTER = 60;

/** @return array{string, string, int}|null token, home and since when */
function holder(): ?array
{
    $words = explode(' ', trim((string) @file_get_contents(RUN . '/delivering')));
    return count($words) === 3 && ctype_digit($words[2]) ? [$words[0], $words[1], (int) $words[2]] : null;
}

function take_device(string $token): void
{
    $held = holder();
    if ($held !== null && $held[0] !== $token) {
        $age = now() - $held[2];
        // A time to come is of another start of the device: nobody would ever be done waiting for it.
        if (is_file(ROOT . "/$held[1]/armed-$held[0]") && timer_lives($held[0], $held[1]) || $age >= 0 && $age < FORGOTTEN_AFTER) {
            refuse("busy holder=$held[1] since={$age}s");
        }
    }
    note_holder($token);
}

function note_holder(string $token): void
{
    $line = $token . ' ' . id() . ' ' . now() . "\n";
    if (@file_put_contents(RUN . '/delivering', $line) !== strlen($line)) {
        refuse('folder-not-writable folder=' . RUN);
    }
}

// The delivery that holds the device, and its time begins again.
function hold_device(string $token): void
{
    $held = holder();
    if ($held === null || $held[0] !== $token) {
        refuse('not-the-holder');
    }
    note_holder($token);
}

function give_device_up(string $token): void
{
    $held = holder();
    if ($held !== null && $held[0] === $token) {
        remove(RUN . '/delivering');
    } else {
        // Its upload may come behind it, over a line that was cut: nobody is there to go on with that.
        @touch(RUN . "/over-$token");
    }
}
