#!/usr/bin/env node
import '../dist/cli/tabernetes.mjs';
