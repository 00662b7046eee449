// The scripts of `kubectl completion`. All ask `kubectl __complete` and heed the directive that ends its answer:
// 2 no blank behind the word, 4 no files, 8 only files with these endings.

export const bashScript = `# Completes kubectl's command lines in bash.

__kubectl_files_ending_in() {
    local file ending
    while IFS= read -r file; do
        if [[ -d "$file" ]]; then
            COMPREPLY+=("$file")
            continue
        fi
        for ending in "\${endings[@]}"; do
            if [[ "$file" == *".$ending" ]]; then COMPREPLY+=("$file"); fi
        done
    done < <(compgen -f -- "$1")
    compopt -o filenames 2>/dev/null
}

__start_kubectl() {
    local line="\${COMP_LINE:0:COMP_POINT}" last="" program="kubectl" directive=0 candidate
    local -a words=() answer=() endings=()
    COMPREPLY=()

    read -r -a words <<< "$line"
    if [[ "\${words[0]}" == */* ]]; then program="\${words[0]}"; fi
    if [[ "$line" == *[[:space:]] ]]; then words+=(""); fi
    last="\${words[\${#words[@]}-1]}"

    while IFS= read -r candidate; do
        answer+=("$candidate")
    done < <("$program" __completeNoDesc "\${words[@]:1}" 2>/dev/null)
    if [[ \${#answer[@]} -eq 0 ]]; then return; fi
    directive="\${answer[\${#answer[@]}-1]#:}"
    unset "answer[\${#answer[@]}-1]"

    if (( directive & 2 )); then compopt -o nospace 2>/dev/null; fi
    if (( directive & 4 )); then compopt +o default 2>/dev/null; fi
    if (( directive & 8 )); then
        endings=("\${answer[@]}")
        __kubectl_files_ending_in "\${last#*=}"
        return
    fi

    local value="$last" colon=""
    if [[ "$last" == -*=* ]]; then value="\${last#*=}"; fi
    # bash has cut the word at its last colon already.
    if [[ "$value" == *:* && "$COMP_WORDBREAKS" == *:* ]]; then colon="\${value%"\${value##*:}"}"; fi
    for candidate in "\${answer[@]}"; do
        if [[ "$candidate" == "$value"* ]]; then COMPREPLY+=("\${candidate#"$colon"}"); fi
    done
}

complete -o default -F __start_kubectl kubectl
`;

export const zshScript = `#compdef kubectl
compdef _kubectl kubectl

# Completes kubectl's command lines in zsh.

_kubectl() {
    local line directive last value
    local -a typed answer described
    typed=("\${(@)words[2,CURRENT]}")
    last="\${typed[-1]}"

    answer=("\${(@f)$(kubectl __complete "\${typed[@]}" 2>/dev/null)}")
    directive="\${answer[-1]#:}"
    answer[-1]=()

    if (( directive & 8 )); then
        _arguments "*:file:_files -g '*.(\${(j:|:)answer})'"
        return
    fi
    if [[ "$last" == -*=* ]]; then compset -P '*='; fi
    for line in "\${answer[@]}"; do
        [[ -z "$line" ]] && continue
        value="\${\${line%%$'\\t'*}//:/\\\\:}"
        if [[ "$line" == *$'\\t'* ]]; then described+=("$value:\${line#*$'\\t'}"); else described+=("$value"); fi
    done

    local -a ending
    if (( directive & 2 )); then ending=(-S ''); fi
    if (( \${#described} )) && _describe 'kubectl' described "\${ending[@]}"; then return 0; fi
    if (( directive & 4 )); then return 1; fi
    _files
}
`;

export const fishScript = `# Completes kubectl's command lines in fish.

function __kubectl_candidates
    set -l typed (commandline -opc)
    set -l last (commandline -ct)
    set -l answer (kubectl __complete $typed[2..-1] "$last" 2>/dev/null)
    test (count $answer) -eq 0; and return
    set -l directive (string sub -s 2 -- $answer[-1])
    set -e answer[-1]

    set -l flag ""
    if string match -qr '^-.*=' -- "$last"
        set flag (string replace -r '=.*' '=' -- "$last")
    end
    if test (math "floor($directive / 8) % 2") -eq 1
        for ending in $answer
            __fish_complete_suffix ".$ending"
        end
        return
    end
    if test (count $answer) -eq 0 -a (math "floor($directive / 4) % 2") -eq 0
        __fish_complete_path "$last"
        return
    end
    for candidate in $answer
        echo -- "$flag$candidate"
    end
end

complete -c kubectl -e
complete -c kubectl -f -a '(__kubectl_candidates)'
`;

export const powershellScript = `# Completes kubectl's command lines in PowerShell.

$__kubectlCompleter = {
    param($wordToComplete, $commandAst, $cursorPosition)

    $typed = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { "$_" })
    $answer = @(& kubectl __complete @typed "$wordToComplete" 2>$null)
    if ($answer.Count -eq 0) { return }
    $directive = [int]($answer[-1].TrimStart(':'))
    if ($answer.Count -eq 1 -or ($directive -band 8)) {
        if ($directive -band 4) { return '' }
        return
    }

    $flag = if ($wordToComplete -match '^(-[^=]*=)') { $Matches[1] } else { '' }
    $blank = if ($directive -band 2) { '' } else { ' ' }
    foreach ($line in $answer[0..($answer.Count - 2)]) {
        $word, $about = $line -split "\`t", 2
        if (-not $about) { $about = $word }
        [System.Management.Automation.CompletionResult]::new("$flag$word$blank", $word, 'ParameterValue', $about)
    }
}

Register-ArgumentCompleter -CommandName 'kubectl' -ScriptBlock $__kubectlCompleter
`;
