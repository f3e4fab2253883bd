// The rollback timer: a process of its own, apart from the connection and from this one. It holds a lock for as long as it lives, so that
// a trial whose timer was killed, or that a restart of the box has interrupted, is seen to be one that nobody would end.

function timer_file(string $token, ?string $id = null): string
{
    return RUN . '/' . ($id ?? id()) . ".timer-$token";
}

function timer_lives(string $token, ?string $id = null): bool
{
    $file = timer_file($token, $id);
    $handle = is_file($file) ? @fopen($file, 're') : false;
    if ($handle === false) {
        return false;
    }
    $free = flock($handle, LOCK_EX | LOCK_NB);
    fclose($handle);
    return !$free;
}

function start_timer(string $token, int $seconds): bool
{
    remove(timer_file($token));
    [$status] = run_program(['/usr/sbin/daemon', '-f', PHP, program_file(), 'wait', role(), owner(), $token, (string) $seconds], 20);
    for ($tries = 0; $status === 0 && $tries < 100; $tries++) {
        if (timer_lives($token)) {
            return true;
        }
        usleep(50000);
    }
    return false;
}

// It ends by itself once there is nothing to undo. The seconds are for people.
function stop_timer(string $token): void
{
    remove(timer_file($token));
}

/** wait ROLE OWNER TOKEN SECONDS: the timer's process. Asked by `arm` alone. */
function command_wait(array $words): void
{
    no_more($words, 4, 4);
    take_identity($words[0], $words[1]);
    $token = take_token($words[2]);
    $end = hrtime(true) + take_seconds($words[3]) * 1000000000;
    $file = timer_file($token);
    $handle = @fopen($file, 'ce');
    if ($handle === false || !flock($handle, LOCK_EX | LOCK_NB)) {
        refuse('busy holder=another-timer');
    }
    fwrite($handle, (string) intdiv($end, 1000000000));
    fflush($handle);
    while (hrtime(true) < $end) {
        usleep((int) min(500000, max(1000, ($end - hrtime(true)) / 1000)));
        clearstatcache();
        if (!is_file($file)) {
            succeed('stopped');
        }
    }
    // Fires again until it is done: an undo that could not be made is made when it can be.
    $left = static function () use ($file, $token): bool {
        clearstatcache();
        return is_file($file) && (is_file(home("armed-$token")) || is_file(home("undoing-$token")));
    };
    while ($left()) {
        run_self(['undo', role(), owner(), $token], 600);
        for ($pause = 0; $pause < 20 && $left(); $pause++) {
            usleep(500000);
        }
    }
    remove($file);
    succeed('fired');
}

// Until the timer undoes what is armed, for people.
function seconds_left(): string
{
    $file = on_trial();
    if ($file === null) {
        return 'none';
    }
    $end = trim((string) @file_get_contents(timer_file((string) found('armed'))));
    return ctype_digit($end) ? (string) max(0, (int) $end - now()) : 'unknown';
}
