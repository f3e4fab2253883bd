// Programs of the box, by their whole path and with their words as a list: nothing of a user is ever read by a shell.

/** @return array{int, string, string} status, what it printed, what it complained about; 127 where it isn't there */
function run_program(array $words, int $seconds = 60, string $input = ''): array
{
    if (!is_file($words[0]) || !is_executable($words[0])) {
        return [127, '', ''];
    }
    $pipes = [];
    $process = @proc_open($words, [['pipe', 'r'], ['pipe', 'w'], ['pipe', 'w']], $pipes, '/', surroundings_of_programs());
    if (!is_resource($process)) {
        return [126, '', ''];
    }
    @fwrite($pipes[0], $input);
    fclose($pipes[0]);
    $printed = ['', ''];
    $open = [1 => $pipes[1], 2 => $pipes[2]];
    $end = now() + $seconds;
    while ($open !== [] && now() < $end) {
        $ready = array_values($open);
        $write = null;
        $except = null;
        if (@stream_select($ready, $write, $except, 1) === false) {
            break;
        }
        foreach ($open as $at => $pipe) {
            $piece = in_array($pipe, $ready, true) ? fread($pipe, 65536) : null;
            if ($piece === '' || $piece === false) {
                if (feof($pipe)) {
                    unset($open[$at]);
                }
            } elseif ($piece !== null) {
                $printed[$at - 1] .= $piece;
            }
        }
    }
    if ($open !== []) {
        proc_terminate($process, 9);
    }
    fclose($pipes[1]);
    fclose($pipes[2]);
    $status = proc_close($process);
    return [$open === [] ? $status : 124, $printed[0], $printed[1]];
}

function surroundings_of_programs(): array
{
    return ['PATH' => '/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin', 'LC_ALL' => 'C', 'HOME' => '/root'];
}

// This program again, as a process of its own: what the box's functions remember from before is then forgotten.
function run_self(array $words, int $seconds): array
{
    return run_program(array_merge([PHP, program_file()], $words), $seconds);
}

function program_file(): string
{
    clearstatcache();
    return is_file(PROGRAM) ? PROGRAM : PROGRAM_COPY;
}

/** Lines of a program's output; null where it failed. */
function lines_of(array $words): ?array
{
    [$status, $printed] = run_program($words);
    if ($status !== 0) {
        return null;
    }
    return $printed === '' ? [] : explode("\n", rtrim($printed, "\n"));
}
