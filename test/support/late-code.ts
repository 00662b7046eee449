// Has the code there that a world may begin without, as it is once anything has come in from outside.
import '../../src/api/protobuf-table.ts';
import { loadLateCode } from '../../src/base/late.ts';
import '../../src/kinds/custom/cel.ts';

await loadLateCode();
