#!/usr/bin/env bash
# Writes the pull-request comment: what the change does to each stack, and to each region's manifests.
# REAL=true previews against the cloud (credentials and backend in the environment); otherwise the same
# program runs on the real engine over the doubles, starting from the stacks of the base commit.
#
#   BASE=origin/main [REAL=true] .github/scripts/preview-comment.sh <output file>
set -uo pipefail
out=${1:?usage: BASE=<git ref> preview-comment.sh <output file>}
base=${BASE:?BASE is the git ref that the pull request goes into}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
# GitHub refuses comments over 65,536 characters; the whole text is in the job's log.
limit=14000

fold() { # title, file
  printf '<details><summary>%s</summary>\n\n```diff\n' "$1"
  head -c "$limit" "$2"
  [ "$(wc -c <"$2")" -le "$limit" ] || printf '\n… cut; the whole text is in the job log\n'
  printf '\n```\n\n</details>\n\n'
}

real_previews() {
  echo "Previews against the cloud. Each reads the last deployed outputs of the stacks before it: previews do not chain."
  echo
  npx pulumi stack ls --json >"$work/stacks.json" || return 1
  for file in Pulumi.*.yaml; do
    stack=${file#Pulumi.}
    stack=${stack%.yaml}
    if ! node -e 'process.exit(require(process.argv[1]).some((s) => s.name.split("/").pop() === process.argv[2]) ? 0 : 1)' "$work/stacks.json" "$stack"; then
      echo "- \`$stack\`: not up yet"
      continue
    fi
    status=ok
    npx pulumi preview -s "$stack" --diff --non-interactive --suppress-progress >"$work/preview" 2>&1 || { status=FAILED; failed=1; }
    cat "$work/preview" >&2
    fold "$stack: $status" "$work/preview"
  done
}

double_previews() {
  echo "No preview role is configured (or this is a fork): previews on the real engine over provider doubles, from the stacks of the base commit."
  echo
  git worktree add --quiet --detach "$work/base" "$base" || return 1
  ln -s "$PWD/node_modules" "$work/base/node_modules"
  npm run --silent rehearse -- preview --from "$work/base" --markdown "$work/preview.md" >&2 || failed=1
  git worktree remove --force "$work/base"
  if [ -s "$work/preview.md" ]; then cat "$work/preview.md"; else echo "The preview failed; its message is in the job log."; fi
  echo
}

{
  echo "## What this change does"
  echo
  if [ "${REAL:-false}" = true ]; then real_previews || failed=1; else double_previews || failed=1; fi
  # A Helm release previews as values only, so the manifests are compared on their own.
  if npm run --silent render -- --all --diff "$base" >"$work/manifests" 2>"$work/render.log"; then
    if [ -s "$work/manifests" ]; then fold "Kubernetes manifests" "$work/manifests"; else echo "Kubernetes manifests: no change."; fi
  else
    failed=1
    fold "Kubernetes manifests: FAILED" "$work/render.log"
  fi
} >"$out"
exit "$failed"
