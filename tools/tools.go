//go:build tools

// Package tools pins the command-line tools that are built from Go modules
// when they are not on PATH.
package tools

import (
	_ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
	_ "helm.sh/helm/v3/cmd/helm"
)
