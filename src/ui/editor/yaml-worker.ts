// The worker of YAML's language service.
import 'monaco-yaml/yaml.worker.js';
