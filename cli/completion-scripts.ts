// Holds the scripts that `completion` prints for bash, zsh and fish. At each key press they ask `cpanel-edge complete`
// for candidates. They pass the words of the line on literally, evaluate none of them, and call the command by name,
// never by a path on the line.

const bash = `# bash completion of cpanel-edge, made by: cpanel-edge completion bash
_cpanel_edge() {
  local line=\${COMP_LINE:0:COMP_POINT} words=() last=-1 at word head='' answer
  for ((at = 0; at <= COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    # The last one goes to the cursor.
    ((at < COMP_CWORD)) || word=\${line#"\${line%%[![:space:]]*}"}
    if ((last >= 0)) && [[ $line == [![:space:]]* ]]; then
      # Bash parts words at = and :, and completes the part behind it.
      head=\${words[last]}
      words[last]+=$word
      [[ $word == [=:]* ]] && head+=$word
    else
      head=''
      words[++last]=$word
    fi
    line=\${line#"\${line%%[![:space:]]*}"}
    line=\${line#"$word"}
  done
  answer=$(cpanel-edge complete -- "\${words[@]:1}" 2>/dev/null </dev/null)
  COMPREPLY=()
  [[ $answer == files* ]] && return
  # Where words are known and none fits, names of files would be a guess. Before bash 4 they are offered.
  compopt +o default 2>/dev/null
  while IFS=$'\\t' read -r word _; do
    [[ $word != words && $word != '' ]] && COMPREPLY+=("\${word#"$head"}")
  done <<<"$answer"
}
complete -o default -F _cpanel_edge cpanel-edge
`;

const zsh = `#compdef cpanel-edge
# zsh completion of cpanel-edge, made by: cpanel-edge completion zsh
_cpanel-edge() {
  local answer line word
  local -a lines found
  answer=$(cpanel-edge complete -- "\${(@)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null </dev/null)
  lines=("\${(@f)answer}")
  if [[ $lines[1] == files ]]; then
    compset -P '--*='
    _files
    return
  fi
  for line in "\${(@)lines[2,-1]}"; do
    word=\${line%%$'\\t'*}
    found+=("\${word//:/\\\\:}\${\${line#*$'\\t'}:+:\${line#*$'\\t'}}")
  done
  _describe 'cpanel-edge' found
}
# Out of a folder of fpath it is its own body; out of .zshrc it is made known.
if [[ $funcstack[1] == _cpanel-edge ]]; then
  _cpanel-edge "$@"
else
  compdef _cpanel-edge cpanel-edge
fi
`;

const fish = `# fish completion of cpanel-edge, made by: cpanel-edge completion fish
function __cpanel_edge_candidates
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l answer (cpanel-edge complete -- $words[2..-1] "$word" 2>/dev/null </dev/null)
    if test "$answer[1]" = files
        set -l head (string match -r -- '^--[^=]+=' "$word")
        for path in (__fish_complete_path (string replace -r -- '^--[^=]+=' '' "$word"))
            string join -- '' $head $path
        end
    else
        string join -- \\n $answer[2..-1]
    end
end
complete -c cpanel-edge -f -a '(__cpanel_edge_candidates)'
`;

export const SCRIPTS = { bash, zsh, fish };
