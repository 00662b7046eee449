#!/usr/bin/env node
import module from 'node:module';

module.enableCompileCache?.(); // since Node 22.1: the second start needs not compile again
await import('../dist/cli/tabernetes.mjs');
