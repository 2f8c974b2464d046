package dev.servicepool.spring.http.client;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Collections;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;

/**
 * Checks that the keys of an SSL bundle belong to its certificates. Files that are
 * replaced one after the other contain a new key and an old certificate for a moment. An
 * SSL context accepts them, but no server does.
 */
final class KeyPairs {

	private static final Map<String, String> SIGNATURES = Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA",
			"EdDSA", "EdDSA");

	private static final byte[] TEXT = "text to sign".getBytes(StandardCharsets.US_ASCII);

	private KeyPairs() {
	}

	/**
	 * Check the keys of a bundle. Keys of other algorithms are not checked.
	 * @throws IllegalStateException if a key does not belong to its certificate
	 */
	static void check(SslBundle bundle) {
		KeyStore store = bundle.getStores().getKeyStore();
		if (store == null) {
			return;
		}
		String password = bundle.getKey().getPassword();
		password = (password != null) ? password : bundle.getStores().getKeyStorePassword();
		try {
			for (String alias : Collections.list(store.aliases())) {
				check(store, alias, (password != null) ? password.toCharArray() : null);
			}
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("A key cannot be used: " + ex.getMessage(), ex);
		}
	}

	private static void check(KeyStore store, String alias, char @Nullable [] password)
			throws GeneralSecurityException {
		Key key = store.isKeyEntry(alias) ? store.getKey(alias, password) : null;
		String algorithm = (key != null) ? SIGNATURES.get(key.getAlgorithm()) : null;
		if (algorithm != null && key instanceof PrivateKey privateKey
				&& !isPair(algorithm, privateKey, store.getCertificate(alias).getPublicKey())) {
			throw new IllegalStateException("the key '" + alias + "' does not belong to its certificate");
		}
	}

	private static boolean isPair(String algorithm, PrivateKey privateKey, PublicKey publicKey)
			throws GeneralSecurityException {
		if (!publicKey.getAlgorithm().equals(privateKey.getAlgorithm())) {
			return false;
		}
		Signature signature = Signature.getInstance(algorithm);
		signature.initSign(privateKey);
		signature.update(TEXT);
		byte[] signed = signature.sign();
		signature.initVerify(publicKey);
		signature.update(TEXT);
		return signature.verify(signed);
	}

}
