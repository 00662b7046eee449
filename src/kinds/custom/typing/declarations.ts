// The functions of CEL and of Kubernetes' libraries with the types that they take and give.
//
//   NAME  [TARGET].(ARGUMENT,…)RESULT …     A, B stand for any type
import { type Type, type } from './types.ts';

/** One way to call a function. */
export interface Overload {
  /** Called on a value, which is the first argument. */
  readonly member: boolean;
  readonly args: readonly Type[];
  readonly result: Type;
}

const lines = `
_==_ (A,A)bool
_!=_ (A,A)bool
_&&_ (bool,bool)bool
_||_ (bool,bool)bool
!_ (bool)bool
-_ (int)int (double)double
_?_:_ (bool,A,A)A
@in (A,list(A))bool (A,map(A,B))bool
@not_strictly_false (bool)bool
_[_] (list(A),int)A (map(A,B),A)B (optional_type(list(A)),int)optional_type(A) (optional_type(map(A,B)),A)optional_type(B)
_[?_] (list(A),int)optional_type(A) (map(A,B),A)optional_type(B) (optional_type(list(A)),int)optional_type(A) (optional_type(map(A,B)),A)optional_type(B)
_+_ (bytes,bytes)bytes (double,double)double (duration,duration)duration (duration,timestamp)timestamp (timestamp,duration)timestamp (int,int)int (list(A),list(A))list(A) (string,string)string (uint,uint)uint
_-_ (double,double)double (duration,duration)duration (int,int)int (timestamp,duration)timestamp (timestamp,timestamp)duration (uint,uint)uint
_*_ (double,double)double (int,int)int (uint,uint)uint
_/_ (double,double)double (int,int)int (uint,uint)uint
_%_ (int,int)int (uint,uint)uint
size (string)int (bytes)int (list(A))int (map(A,B))int string.()int bytes.()int list(A).()int map(A,B).()int
bool (bool)bool (string)bool
bytes (bytes)bytes (string)bytes
double (double)double (int)double (string)double (uint)double
duration (duration)duration (int)duration (string)duration
dyn (A)dyn
int (int)int (double)int (duration)int (string)int (timestamp)int (uint)int
string (string)string (bool)string (bytes)string (double)string (duration)string (int)string (timestamp)string (uint)string (net.IP)string (net.CIDR)string
timestamp (timestamp)timestamp (int)timestamp (string)timestamp
type (A)type(A)
uint (uint)uint (double)uint (int)uint (string)uint
contains string.(string)bool
endsWith string.(string)bool
startsWith string.(string)bool
matches (string,string)bool string.(string)bool
charAt string.(int)string
join list(string).()string list(string).(string)string
lowerAscii string.()string
upperAscii string.()string
trim string.()string
replace string.(string,string)string string.(string,string,int)string
split string.(string)list(string) string.(string,int)list(string)
substring string.(int)string string.(int,int)string
format string.(list(dyn))string
strings.quote (string)string
find string.(string)string
findAll string.(string)list(string) string.(string,int)list(string)
indexOf string.(string)int string.(string,int)int list(A).(A)int
lastIndexOf string.(string)int string.(string,int)int list(A).(A)int
sum list(int).()int list(uint).()uint list(double).()double list(duration).()duration
slice list(A).(int,int)list(A)
flatten list(list(A)).()list(A) list(dyn).(int)list(dyn)
distinct list(A).()list(A)
reverse list(A).()list(A)
first list(A).()optional_type(A)
last list(A).()optional_type(A)
lists.range (int)list(int)
@sortByAssociatedKeys list(A).(list(B))list(A)
cel.@mapInsert (map(A,B),A,B)map(A,B) (map(A,B),map(A,B))map(A,B)
url (string)kubernetes.URL
isURL (string)bool
getScheme kubernetes.URL.()string
getHost kubernetes.URL.()string
getHostname kubernetes.URL.()string
getPort kubernetes.URL.()string
getEscapedPath kubernetes.URL.()string
getQuery kubernetes.URL.()map(string,list(string))
quantity (string)kubernetes.Quantity
isQuantity (string)bool
isInteger kubernetes.Quantity.()bool
asInteger kubernetes.Quantity.()int
asApproximateFloat kubernetes.Quantity.()double
sign kubernetes.Quantity.()int
add kubernetes.Quantity.(kubernetes.Quantity)kubernetes.Quantity kubernetes.Quantity.(int)kubernetes.Quantity
sub kubernetes.Quantity.(kubernetes.Quantity)kubernetes.Quantity kubernetes.Quantity.(int)kubernetes.Quantity
isLessThan kubernetes.Quantity.(kubernetes.Quantity)bool kubernetes.Semver.(kubernetes.Semver)bool
isGreaterThan kubernetes.Quantity.(kubernetes.Quantity)bool kubernetes.Semver.(kubernetes.Semver)bool
compareTo kubernetes.Quantity.(kubernetes.Quantity)int kubernetes.Semver.(kubernetes.Semver)int
ip (string)net.IP net.CIDR.()net.IP
isIP (string)bool
ip.isCanonical (string)bool
family net.IP.()int
isUnspecified net.IP.()bool
isLoopback net.IP.()bool
isLinkLocalMulticast net.IP.()bool
isLinkLocalUnicast net.IP.()bool
isGlobalUnicast net.IP.()bool
cidr (string)net.CIDR
isCIDR (string)bool
containsIP net.CIDR.(string)bool net.CIDR.(net.IP)bool
containsCIDR net.CIDR.(string)bool net.CIDR.(net.CIDR)bool
masked net.CIDR.()net.CIDR
prefixLength net.CIDR.()int
semver (string)kubernetes.Semver (string,bool)kubernetes.Semver
isSemver (string)bool (string,bool)bool
major kubernetes.Semver.()int
minor kubernetes.Semver.()int
patch kubernetes.Semver.()int
format.named (string)optional_type(kubernetes.NamedFormat)
validate kubernetes.NamedFormat.(string)optional_type(list(string))
sets.contains (list(A),list(A))bool
sets.equivalent (list(A),list(A))bool
sets.intersects (list(A),list(A))bool
optional.of (A)optional_type(A)
optional.ofNonZeroValue (A)optional_type(A)
optional.none ()optional_type(A)
optional.unwrap (list(optional_type(A)))list(A)
unwrapOpt list(optional_type(A)).()list(A)
hasValue optional_type(A).()bool
value optional_type(A).()A
or optional_type(A).(optional_type(A))optional_type(A)
orValue optional_type(A).(A)A
path kubernetes.authorization.Authorizer.(string)kubernetes.authorization.PathCheck
group kubernetes.authorization.Authorizer.(string)kubernetes.authorization.GroupCheck
serviceAccount kubernetes.authorization.Authorizer.(string,string)kubernetes.authorization.Authorizer
resource kubernetes.authorization.GroupCheck.(string)kubernetes.authorization.ResourceCheck
subresource kubernetes.authorization.ResourceCheck.(string)kubernetes.authorization.ResourceCheck
namespace kubernetes.authorization.ResourceCheck.(string)kubernetes.authorization.ResourceCheck
name kubernetes.authorization.ResourceCheck.(string)kubernetes.authorization.ResourceCheck
fieldSelector kubernetes.authorization.ResourceCheck.(string)kubernetes.authorization.ResourceCheck
labelSelector kubernetes.authorization.ResourceCheck.(string)kubernetes.authorization.ResourceCheck
check kubernetes.authorization.PathCheck.(string)kubernetes.authorization.Decision kubernetes.authorization.ResourceCheck.(string)kubernetes.authorization.Decision
allowed kubernetes.authorization.Decision.()bool
reason kubernetes.authorization.Decision.()string
errored kubernetes.authorization.Decision.()bool
error kubernetes.authorization.Decision.()string
`;

/** `map<string, int>` as a type. */
export function namedType(text: string): Type {
  const [found = type('dyn')] = readTypes(`(${text.replace(/</g, '(').replace(/>/g, ')').replace(/ /g, '')})`).types;
  return found;
}

const made = new Map<string, readonly Overload[]>();

/** The ways to call a function; undefined: there is none of that name. */
export function overloadsOf(name: string): readonly Overload[] | undefined {
  if (made.size === 0) declareAll();
  return made.get(name);
}

function declareAll(): void {
  for (const line of lines.trim().split('\n')) declare(line);
  const ordered = 'bool int uint double string bytes timestamp duration'.split(' ');
  const numbers = ['int', 'uint', 'double'];
  const mixed = numbers.flatMap((a) => numbers.filter((b) => b !== a).map((b) => `(${a},${b})bool`));
  const compared = [...ordered.map((one) => `(${one},${one})bool`), ...mixed].join(' ');
  for (const sign of ['<', '<=', '>', '>=']) declare(`_${sign}_ ${compared}`);
  const ofOrdered = (result: (one: string) => string) =>
    ordered.map((one) => `list(${one}).()${result(one)}`).join(' ');
  declare(`isSorted ${ofOrdered(() => 'bool')}`);
  for (const name of ['min', 'max']) declare(`${name} ${ofOrdered((one) => one)}`);
  declare(`sort ${ofOrdered((one) => `list(${one})`)}`);
  const dates = 'getFullYear getMonth getDayOfYear getDayOfMonth getDate getDayOfWeek'.split(' ');
  for (const name of dates) declare(`${name} timestamp.()int timestamp.(string)int`);
  for (const name of ['getHours', 'getMinutes', 'getSeconds', 'getMilliseconds'])
    declare(`${name} timestamp.()int timestamp.(string)int duration.()int`);
  const labels = ['dns1123Label', 'dns1123Subdomain', 'dns1035Label', 'dns1123LabelPrefix', 'dns1123SubdomainPrefix'];
  const others = ['dns1035LabelPrefix', 'qualifiedName', 'labelValue', 'uri', 'uuid', 'byte', 'date', 'datetime'];
  for (const name of [...labels, ...others]) declare(`format.${name} ()kubernetes.NamedFormat`);
}

function declare(line: string): void {
  const [name = '', ...ways] = line.split(' ');
  made.set(name, ways.map(readOverload));
}

function readOverload(text: string): Overload {
  const dot = text.indexOf('.(');
  const target = dot < 0 ? undefined : text.slice(0, dot);
  const { types, rest } = readTypes(text.slice(dot < 0 ? 0 : dot + 1));
  const [result = type('dyn')] = readTypes(`(${rest})`).types;
  const own = target === undefined ? [] : readTypes(`(${target})`).types;
  return { member: target !== undefined, args: [...own, ...types], result };
}

/** Types in parentheses, and what follows. */
function readTypes(text: string): { readonly types: readonly Type[]; readonly rest: string } {
  const types: Type[] = [];
  let rest = text.slice(1);
  while (!rest.startsWith(')')) {
    const [name = ''] = /^[\w.@]+/.exec(rest) ?? [];
    rest = rest.slice(name.length);
    if (rest.startsWith('(')) {
      const inner = readTypes(rest);
      types.push(type(name, ...inner.types));
      ({ rest } = inner);
    } else types.push(type(name));
    if (rest.startsWith(',')) rest = rest.slice(1);
  }
  return { types, rest: rest.slice(1) };
}
