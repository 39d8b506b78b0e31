#!/bin/sh
# Made the certificates beside it, once, for a hundred years: an authority, the servers of the tests' own internet, and those
# who sign webhooks there. Nobody trusts this authority but a server that a test starts.
set -eu
days=36500
subject() { openssl req -new -nodes -newkey rsa:2048 -keyout "$1.key" -subj "$2" -out "$1.csr" 2>/dev/null; }
issue() { # name, issuer, extensions
  printf '%s\n' "$3" > extensions
  openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -days "${4:-$days}" -extfile extensions -out "$1.pem" 2>/dev/null
}
openssl req -x509 -nodes -newkey rsa:2048 -keyout authority.key -out authority.pem -days $days \
  -subj '/CN=Hookloom test authority' -addext 'basicConstraints=critical,CA:TRUE' 2>/dev/null
subject issuer '/CN=Hookloom test issuer'
issue issuer authority 'basicConstraints=critical,CA:TRUE'
subject servers '/CN=servers of the tests'
issue servers authority "subjectAltName=$(sed 's/^/DNS:/' hosts.txt | paste -sd, -)"
subject paypal '/CN=messageverificationcerts.paypal.com'
issue paypal issuer 'subjectAltName=DNS:messageverificationcerts.paypal.com
authorityInfoAccess=caIssuers;URI:http://cacerts.digicert.com/HookloomTestIssuer.crt'
subject impostor '/CN=messageverificationcerts.paypal.com'
openssl x509 -req -in impostor.csr -signkey impostor.key -days $days -out impostor.pem 2>/dev/null
subject stranger '/CN=somebody.example.com'
issue stranger issuer 'subjectAltName=DNS:somebody.example.com
authorityInfoAccess=caIssuers;URI:http://cacerts.digicert.com/HookloomTestIssuer.crt'
subject sns '/CN=sns.amazonaws.com'
issue sns authority 'subjectAltName=DNS:sns.amazonaws.com'
openssl x509 -in issuer.pem -outform der -out issuer.crt
rm -f ./*.csr ./*.srl extensions authority.key issuer.key stranger.key
