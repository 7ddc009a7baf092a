#!/bin/bash
# What the man pages and the README show is what happens: each page's examples, typed in a scratch repository.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_transcript.sh"

as Ada
for page in README.md man/git-plan.adoc man/git-task.adoc man/git-wave.adoc man/gitplanformat.adoc man/gitwave.adoc; do
  at 2025-01-12T14:30:00Z
  new_repo "$(basename "$page")"
  play "$page"
  fsck_clean
done
