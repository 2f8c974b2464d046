package dev.servicepool.spring.http.client;

import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collections;

import dev.servicepool.Pool;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * Settings of the clients of one pool, with its current SSL bundle. When the bundle is
 * updated, all services are replaced, because a client keeps its keys and certificates. A
 * bundle that cannot be used changes nothing.
 */
public final class SslReload {

	private static final Log logger = LogFactory.getLog(SslReload.class);

	private final String pool;

	private final HttpClientSettings configured;

	/** The settings of new clients. Replaced by the thread that updates the bundle. */
	private volatile HttpClientSettings settings;

	/**
	 * Create an instance.
	 * @param pool the name of the pool
	 * @param configured the settings of the clients, with the first bundle
	 */
	public SslReload(String pool, HttpClientSettings configured) {
		this.pool = pool;
		this.configured = configured;
		this.settings = with(configured.sslBundle());
	}

	private HttpClientSettings with(@Nullable SslBundle bundle) {
		return (bundle != null) ? this.configured.withSslBundle(new SharedSslBundle(bundle)) : this.configured;
	}

	/**
	 * Return the settings of new clients.
	 * @return the settings, with the current bundle
	 */
	public HttpClientSettings settings() {
		return this.settings;
	}

	/**
	 * Return the time at which the client certificate of the current bundle expires. If
	 * the bundle does not select one of several keys, the earliest time counts.
	 * @return the time, or {@code null} if the bundle contains no client certificate
	 */
	public @Nullable Instant certificateExpiry() {
		SslBundle bundle = this.settings.sslBundle();
		KeyStore store = (bundle != null) ? bundle.getStores().getKeyStore() : null;
		if (bundle == null || store == null) {
			return null;
		}
		try {
			String selected = bundle.getKey().getAlias();
			Instant earliest = null;
			for (String alias : Collections.list(store.aliases())) {
				if (store.isKeyEntry(alias) && (selected == null || selected.equalsIgnoreCase(alias))
						&& store.getCertificate(alias) instanceof X509Certificate certificate) {
					Instant expiry = certificate.getNotAfter().toInstant();
					earliest = (earliest == null || expiry.isBefore(earliest)) ? expiry : earliest;
				}
			}
			return earliest;
		}
		catch (KeyStoreException ex) {
			throw new IllegalStateException("Pool '" + this.pool + "': cannot read the key store of its SSL bundle",
					ex);
		}
	}

	/**
	 * Replace the services of the pool whenever its bundle is updated.
	 * @param pool the pool
	 * @param bundles the SSL bundles of the application
	 */
	public void follow(Pool<?, ?> pool, SslBundles bundles) {
		String name = name(bundles);
		if (name != null) {
			bundles.addBundleUpdateHandler(name, (updated) -> update(name, updated, pool));
		}
	}

	/**
	 * Return the name of the bundle, which the settings do not contain.
	 * @return the name, or {@code null} if the pool uses none of the bundles
	 */
	private @Nullable String name(SslBundles bundles) {
		SslBundle used = this.configured.sslBundle();
		return (used != null) ? bundles.getBundleNames()
			.stream()
			.filter((name) -> bundles.getBundle(name) == used)
			.findFirst()
			.orElse(null) : null;
	}

	private void update(String name, SslBundle updated, Pool<?, ?> pool) {
		try {
			updated.createSslContext();
			KeyPairs.check(updated);
			this.settings = with(updated);
		}
		catch (RuntimeException ex) {
			String problem = "the update of the SSL bundle '" + name + "' cannot be used";
			logger.warn("Pool '" + this.pool + "': " + problem
					+ "; keeping the services with the previous keys and certificates.", ex);
			pool.skipReplacement(problem, ex);
			return;
		}
		pool.replaceServices("SSL bundle '" + name + "' was updated");
	}

}
