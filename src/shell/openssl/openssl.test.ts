// OpenSSL's commands as walkthroughs type them: authorities made by hand, requests, certificates, what is refused.
import { beforeEach, expect, test } from 'vitest';
import { programNode } from '../../base/files.ts';
import { createTestMachine, type TestMachine } from '../testing/test-machine.ts';
import { openssl } from './openssl.ts';

const idle = () => new Promise<void>((resolve) => setImmediate(resolve));
let machine: TestMachine;

beforeEach(() => {
  machine = createTestMachine({ idle, programs: new Map([['openssl', openssl]]) });
  machine.machine.files.place('/usr/bin/openssl', programNode('openssl'));
});

async function sh(text: string, stdin?: string): Promise<string> {
  return (await machine.run(text, stdin === undefined ? {} : { stdin })).output;
}

const authority =
  'openssl genrsa -out ca.key 2048; openssl req -x509 -new -nodes -key ca.key -subj /CN=10.0.0.1 -days 10000 -out ca.crt';

/** Hexadecimal lines say nothing here. */
const words = "grep -v '^ *\\(..:\\)\\{4,\\}'";

test('an authority made by hand issues a certificate from a configuration', async () => {
  machine.machine.files.writeFile(
    '/home/learner/csr.conf',
    `[ req ]
default_bits = 2048
prompt = no
default_md = sha256
req_extensions = req_ext
distinguished_name = dn

[ dn ]
C = US
O = k8s
CN = 10.0.0.1

[ req_ext ]
subjectAltName = @alt_names

[ alt_names ]
DNS.1 = kubernetes
DNS.2 = kubernetes.default
IP.1 = 10.0.0.1

[ v3_ext ]
authorityKeyIdentifier=keyid,issuer:always
basicConstraints=CA:FALSE
keyUsage=keyEncipherment,dataEncipherment
extendedKeyUsage=serverAuth,clientAuth
subjectAltName=@alt_names
`,
  );
  await sh(`${authority}; openssl genrsa -out server.key 2048`);
  expect(
    await sh(`openssl req -new -key server.key -out server.csr -config csr.conf
openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out server.crt -days 10000 -extensions v3_ext -extfile csr.conf -sha256
openssl req -noout -text -in server.csr | ${words}
openssl x509 -noout -text -in server.crt | ${words}
openssl verify -CAfile ca.crt server.crt; openssl verify server.crt; ls`),
  ).toMatchInlineSnapshot(`
    "Certificate request self-signature ok
    subject=C = US, O = k8s, CN = 10.0.0.1
    Certificate Request:
        Data:
            Version: 1 (0x0)
            Subject: C = US, O = k8s, CN = 10.0.0.1
            Subject Public Key Info:
                Public Key Algorithm: rsaEncryption
                    Public-Key: (2048 bit)
                    Modulus:
                        80:bf
                    Exponent: 65537 (0x10001)
            Attributes:
                Requested Extensions:
                    X509v3 Subject Alternative Name: 
                        DNS:kubernetes, DNS:kubernetes.default, IP Address:10.0.0.1
        Signature Algorithm: sha256WithRSAEncryption
        Signature Value:
            20:6e:c4:64
    Certificate:
        Data:
            Version: 3 (0x2)
            Serial Number:
            Signature Algorithm: sha256WithRSAEncryption
            Issuer: CN = 10.0.0.1
            Validity
                Not Before: Jul 20 08:26:40 2025 GMT
                Not After : Dec  5 08:26:40 2052 GMT
            Subject: C = US, O = k8s, CN = 10.0.0.1
            Subject Public Key Info:
                Public Key Algorithm: rsaEncryption
                    Public-Key: (2048 bit)
                    Modulus:
                        80:bf
                    Exponent: 65537 (0x10001)
            X509v3 extensions:
                X509v3 Authority Key Identifier: 
                    keyid:9A:F4:47:47:79:53:5C:62:95:F5:7D:4D:E3:60:3F:8C:98:08:06:8E
                    DirName:/CN=10.0.0.1
                    serial:4A:4D:9B:A5:92:EB:E8:18:17:98:79:CB:8B:7F:0D:20:6E:27:D2:08
                X509v3 Basic Constraints: 
                    CA:FALSE
                X509v3 Key Usage: 
                    Key Encipherment, Data Encipherment
                X509v3 Extended Key Usage: 
                    TLS Web Server Authentication, TLS Web Client Authentication
                X509v3 Subject Alternative Name: 
                    DNS:kubernetes, DNS:kubernetes.default, IP Address:10.0.0.1
                X509v3 Subject Key Identifier: 
        Signature Algorithm: sha256WithRSAEncryption
        Signature Value:
            80:15:6d:5d
    server.crt: OK
    C = US, O = k8s, CN = 10.0.0.1
    error 20 at 0 depth lookup: unable to get local issuer certificate
    error server.crt: verification failed
    ca.crt
    ca.key
    ca.srl
    csr.conf
    server.crt
    server.csr
    server.key
    "
  `);
});

test('a certificate that signs itself has what Debian configures, and the names that are added', async () => {
  expect(
    await sh(`openssl req -x509 -nodes -newkey rsa:2048 -keyout tls.key -out tls.crt -subj "/CN=my app/O=a, b/OU=x" \
      -addext "subjectAltName=DNS:a.example.com,IP:::1" 2>/dev/null
openssl x509 -in tls.crt -noout -subject -issuer -dates -ext subjectAltName,basicConstraints -checkend 3000000; echo $?
openssl x509 -in tls.crt -noout -checkhost b.example.com -nameopt RFC2253 -subject
diff <(openssl x509 -in tls.crt -noout -modulus) <(openssl rsa -in tls.key -noout -modulus) && echo same key`),
  ).toMatchInlineSnapshot(`
    "subject=CN = my app, O = "a, b", OU = x
    issuer=CN = my app, O = "a, b", OU = x
    notBefore=Jul 20 08:26:40 2025 GMT
    notAfter=Aug 19 08:26:40 2025 GMT
    X509v3 Subject Alternative Name: 
        DNS:a.example.com, IP Address:0:0:0:0:0:0:0:1
    X509v3 Basic Constraints: critical
        CA:TRUE
    Certificate will expire
    1
    Hostname b.example.com does NOT match certificate
    subject=OU=x,O=a\\, b,CN=my app
    same key
    "
  `);
});

test('keys of every kind make requests that hold, and are read back as they were written', async () => {
  expect(
    await sh(`openssl genpkey -algorithm ed25519 -out ed.key
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out p384.key
openssl ecparam -name prime256v1 -genkey -noout -out p256.key
openssl genrsa -traditional -out rsa.key 1024
for key in ed p384 p256 rsa; do
  head -1 $key.key
  openssl req -new -key $key.key -subj /CN=jane/O=dev -out $key.csr
  openssl req -in $key.csr -noout -verify -subject
  openssl x509 -req -in $key.csr -signkey $key.key -out $key.crt 2>/dev/null; openssl verify -CAfile $key.crt $key.crt
  diff <(openssl pkey -in $key.key -pubout) <(openssl req -in $key.csr -noout -pubkey) && echo same
  openssl pkey -in $key.key -text -noout | ${words}
done`),
  ).toMatchInlineSnapshot(`
    "-----BEGIN PRIVATE KEY-----
    Certificate request self-signature verify OK
    subject=CN = jane, O = dev
    ed.crt: OK
    same
    ED25519 Private-Key:
    priv:
        44:30
    pub:
        4c:cd
    -----BEGIN PRIVATE KEY-----
    Certificate request self-signature verify OK
    subject=CN = jane, O = dev
    p384.crt: OK
    same
    Private-Key: (384 bit)
    priv:
        bd:de:d9
    pub:
    ASN1 OID: secp384r1
    NIST CURVE: P-384
    -----BEGIN EC PRIVATE KEY-----
    Certificate request self-signature verify OK
    subject=CN = jane, O = dev
    p256.crt: OK
    same
    Private-Key: (256 bit)
    priv:
        37:6f
    pub:
    ASN1 OID: prime256v1
    NIST CURVE: P-256
    -----BEGIN RSA PRIVATE KEY-----
    Certificate request self-signature verify OK
    subject=CN = jane, O = dev
    rsa.crt: OK
    same
    Private-Key: (1024 bit, 2 primes)
    modulus:
    publicExponent: 65537 (0x10001)
    privateExponent:
    prime1:
    prime2:
    exponent1:
        cd:33:39:31
    exponent2:
        51:d3:09:1f
    coefficient:
    "
  `);
});

test('a subject that is not given is asked for', async () => {
  await sh('openssl genrsa -out a.key 1024');
  expect(
    await sh(
      'openssl req -new -key a.key -out a.csr; openssl req -in a.csr -noout -subject -text | head -5',
      'D\nDE\n.\n\nours\n\nweb\n\n\n\n',
    ),
  ).toMatchInlineSnapshot(`
    "You are about to be asked to enter information that will be incorporated
    into your certificate request.
    What you are about to enter is what is called a Distinguished Name or a DN.
    There are quite a few fields but you can leave some blank
    For some fields there will be a default value,
    If you enter '.', the field will be left blank.
    -----
    Country Name (2 letter code) [AU]:String too short, must be at least 2 bytes long
    Country Name (2 letter code) [AU]:State or Province Name (full name) [Some-State]:Locality Name (eg, city) []:Organization Name (eg, company) [Internet Widgits Pty Ltd]:Organizational Unit Name (eg, section) []:Common Name (e.g. server FQDN or YOUR name) []:Email Address []:
    Please enter the following 'extra' attributes
    to be sent with your certificate request
    A challenge password []:An optional company name []:subject=C = DE, O = ours, CN = web
    Certificate Request:
        Data:
            Version: 1 (0x0)
            Subject: C = DE, O = ours, CN = web
    "
  `);
});

test('digests, random bytes, base64 and hashes of passwords', async () => {
  expect(
    await sh(`openssl version; printf abc > f; openssl dgst -sha256 f; openssl sha1 f; openssl md5 < f; openssl dgst -sha512 -r f | cut -c-20
openssl dgst -sha256 -hmac key f; openssl rand -hex 16 | wc -c; openssl rand -base64 32 | wc -c
openssl base64 -in f; openssl enc -base64 -A -in f; echo; echo YWJj | openssl base64 -d; echo
openssl passwd -6 -salt abcdefgh pw; openssl passwd -apr1 -salt abcdefgh pw; openssl passwd -1 -salt abcdefgh pw
openssl genrsa -out a.key 1024; openssl rsa -in a.key -pubout -out a.pub; openssl dgst -sha256 -sign a.key -out f.sig f
openssl dgst -sha256 -verify a.pub -signature f.sig f; openssl dgst -verify a.pub -signature f.sig a.pub`),
  ).toMatchInlineSnapshot(`
    "OpenSSL 3.0.17 1 Jul 2025 (Library: OpenSSL 3.0.17 1 Jul 2025)
    SHA2-256(f)= ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
    SHA1(f)= a9993e364706816aba3e25717850c26c9cd0d89d
    MD5(stdin)= 900150983cd24fb0d6963f7d28e17f72
    ddaf35a193617abacc41
    HMAC-SHA2-256(f)= 9c196e32dc0175f86f4b1cb89289d6619de6bee699e4c378e68309ed97a1a6ab
    33
    45
    YWJj
    YWJj
    abc
    $6$abcdefgh$KQeXafAQAaOoKTevphVU215RvJdgzyfASRasIOuh12hO8u0r1bGW92ZnTmC9IjsiQ8VPiTXBiZF49dFL1U4wX/
    $apr1$abcdefgh$5VEbMkemELfbhC5ck.U.z1
    $1$abcdefgh$IQtUouv7y7Q9dRWkQEPCc.
    writing RSA key
    Verified OK
    Verification failure
    "
  `);
});

test('what will not do is refused in its words, and what is not simulated by its name', async () => {
  await sh(`${authority}; openssl genrsa -out b.key 1024; openssl req -new -key b.key -subj /CN=b -out b.csr`);
  const lines = [
    'openssl foo',
    'openssl pkcs12 -export',
    'openssl x509 -in none.crt',
    'openssl x509 -in ca.key -noout',
    'openssl x509 -in',
    'openssl x509 -foo',
    'openssl req -new -key b.key -subj CN=x',
    'openssl req -new -key b.key -subj /XX=1/CN=x -noout',
    'openssl req -new -newkey rsa:2048 -subj /CN=x',
    'openssl req -new -key b.key -subj /CN=x -addext subjectAltName=IP:nowhere',
    'openssl req -new -key b.key -subj /CN=x -addext nameConstraints=x',
    'openssl x509 -req -in b.csr -CA ca.crt -CAkey b.key',
    'openssl genrsa 100',
    'openssl genrsa -aes256',
    'openssl rsa -in ca.crt',
    'openssl ec -in ca.key',
    'openssl verify -CAfile none b.csr',
    'openssl s_client -connect nowhere:443 </dev/null',
  ];
  let transcript = '';
  for (const line of lines) transcript += `$ ${line}\n${await sh(`${line}; echo "[$?]"`)}`;
  expect(transcript).toMatchInlineSnapshot(`
    "$ openssl foo
    Invalid command 'foo'; type "help" for a list.
    [1]
    $ openssl pkcs12 -export
    openssl: the command pkcs12 is not simulated
    [1]
    $ openssl x509 -in none.crt
    Could not open file or uri for loading certificate from none.crt
    40E7F2A3C17F0000:error:16000069:STORE routines:ossl_store_get0_loader_int:unregistered scheme:../crypto/store/store_register.c:237:scheme=file
    40E7F2A3C17F0000:error:80000002:system library:file_open:No such file or directory:../providers/implementations/storemgmt/file_store.c:267:calling stat(none.crt)
    Unable to load certificate
    [1]
    $ openssl x509 -in ca.key -noout
    Could not read certificate from ca.key
    Unable to load certificate
    [1]
    $ openssl x509 -in
    x509: Option -in needs a value
    x509: Use -help for summary.
    [1]
    $ openssl x509 -foo
    x509: Unknown option or message digest: foo
    x509: Use -help for summary.
    [1]
    $ openssl req -new -key b.key -subj CN=x
    req: subject name is expected to be in the format /type0=value0/type1=value1/type2=... where characters may be escaped by \\. This name is not in that format: 'CN=x'
    [1]
    $ openssl req -new -key b.key -subj /XX=1/CN=x -noout
    req: Skipping unknown subject name attribute "XX"
    [0]
    $ openssl req -new -newkey rsa:2048 -subj /CN=x
    req: encrypted private keys are not simulated: ask for a plain one with -nodes
    [1]
    $ openssl req -new -key b.key -subj /CN=x -addext subjectAltName=IP:nowhere
    Error checking extensions defined using -addext
    40E7F2A3C17F0000:error:11000074:X509 V3 routines::bad ip address:value=nowhere
    [1]
    $ openssl req -new -key b.key -subj /CN=x -addext nameConstraints=x
    Error checking extensions defined using -addext
    40E7F2A3C17F0000:error:11000074:X509 V3 routines::the extension nameConstraints is not simulated
    [1]
    $ openssl x509 -req -in b.csr -CA ca.crt -CAkey b.key
    Certificate request self-signature ok
    subject=CN = b
    CA certificate and CA private key do not match
    40E7F2A3C17F0000:error:05800074:x509 certificate routines:X509_check_private_key:key values mismatch:../crypto/x509/x509_cmp.c:408:
    [1]
    $ openssl genrsa 100
    Error setting RSA length
    40E7F2A3C17F0000:error:1C8000AB:Provider routines:rsa_gen_set_params:key size too small:../providers/implementations/keymgmt/rsa_kmgmt.c:509:
    [1]
    $ openssl genrsa -aes256
    genrsa: the option -aes256 is not simulated
    [1]
    $ openssl rsa -in ca.crt
    Could not read private key from ca.crt
    [1]
    $ openssl ec -in ca.key
    Not an EC key
    [1]
    $ openssl verify -CAfile none b.csr
    Error loading file none
    40E7F2A3C17F0000:error:80000002:system library:BIO_new_file:No such file or directory:../crypto/bio/bss_file.c:67:calling fopen(none, r)
    40E7F2A3C17F0000:error:10000080:BIO routines:BIO_new_file:no such file:../crypto/bio/bss_file.c:75:
    40E7F2A3C17F0000:error:05880002:x509 certificate routines:X509_load_cert_crl_file_ex:system lib:../crypto/x509/by_file.c:229:
    [1]
    $ openssl s_client -connect nowhere:443 </dev/null
    40E7F2A3C17F0000:error:10080002:BIO routines:BIO_lookup_ex:system lib:../crypto/bio/bio_addr.c:738:Name or service not known
    connect:errno=22
    [1]
    "
  `);
});
