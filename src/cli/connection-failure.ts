import { ElasticFailure } from '../elasticsearch/failure';
import { isObject } from '../workload/json';

/** Codes of Node and OpenSSL for certificates that do not fit. */
const CERTIFICATE =
  /^(CERT_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_(GET_ISSUER|GET_CRL|VERIFY_LEAF)|INVALID_CA$|HOSTNAME_MISMATCH$|ERR_TLS_CERT)/;
/** What a server says that does not speak TLS, or not the one of today. */
const PROTOCOL = /^(EPROTO$|ERR_SSL_)/;

/**
 * What an error of a connection means that does not pass by itself.
 *
 * @returns null where the server is just not there.
 */
export function connectionFailure(error: unknown): ElasticFailure | null {
  const code = isObject(error) ? String(error.code) : '';
  if (CERTIFICATE.test(code)) {
    return new ElasticFailure(
      'denied',
      `The server’s certificate cannot be trusted (${code}). Name the certificate of the authority that signed it: ELASTICSEARCH_CA_CERTIFICATE=/path/ca.pem; if it does that already, correct the address or the certificate.`
    );
  }
  if (PROTOCOL.test(code)) {
    return new ElasticFailure(
      'denied',
      'The server does not speak HTTPS as it is spoken today. Where it has no TLS, its address begins with http://.'
    );
  }
  return null;
}
