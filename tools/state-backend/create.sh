#!/usr/bin/env bash
# Makes the state backend of the stacks: an S3 bucket and a KMS key, in a region that runs none of them.
# A failover edit must never need the failed region, and every `pulumi up` reads and writes its state.
#
#   tools/state-backend/create.sh <organisation> <region>
#
# Needs the aws CLI with credentials that may use CloudFormation, S3 and KMS. Safe to run again: it
# updates what is there. Deleting the CloudFormation stack keeps the bucket and the key.
set -euo pipefail
cd "$(dirname "$0")"

if [ $# -ne 2 ]; then
  sed -n '2,8p' "$(basename "$0")" >&2
  exit 2
fi
organisation=$1 region=$2

if fleets=$(grep -lE "^  ${region}:" ../../fleet/*.yaml); then
  printf '%s runs a region of the product (%s).\n' "$region" "$(basename -a $fleets | tr '\n' ' ')" >&2
  printf '  rule: the state is outside every region that can fail over\n' >&2
  printf '  fix:  choose a region that no fleet file names, such as eu-central-1\n' >&2
  exit 1
fi
command -v aws >/dev/null || { printf 'the aws CLI is not installed\n' >&2; exit 1; }

stack=pulumi-state
aws cloudformation deploy --region "$region" --stack-name "$stack" --template-file template.yaml \
  --parameter-overrides "Organisation=$organisation" --no-fail-on-empty-changeset >&2
output() {
  aws cloudformation describe-stacks --region "$region" --stack-name "$stack" --output text \
    --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue"
}
backend=$(output Backend)
secrets=$(output SecretsProvider)

cat <<TEXT
The state backend is there. Log in, and create each stack with the key (in bring-up order):

  pulumi login '$backend'
  pulumi stack init us-east-1 --secrets-provider '$secrets'

A stack that has another secrets provider moves with:

  pulumi stack change-secrets-provider -s us-east-1 '$secrets'
TEXT
