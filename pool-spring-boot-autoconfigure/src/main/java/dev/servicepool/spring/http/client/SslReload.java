package dev.servicepool.spring.http.client;

import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collections;
import java.util.function.Function;

import dev.servicepool.Pool;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * Creates the clients of one pool with its current SSL bundle. When the bundle is
 * updated, all services are replaced, because a client keeps its keys and certificates. A
 * bundle that cannot be used changes nothing.
 */
public final class SslReload {

	private static final Log logger = LogFactory.getLog(SslReload.class);

	private final String pool;

	private final HttpClientSettings settings;

	private final Function<HttpClientSettings, ServiceClients> factory;

	/** The source of new clients. Replaced by the thread that updates the bundle. */
	private volatile ServiceClients clients;

	/** The bundle of new clients. Replaced by the thread that updates the bundle. */
	private volatile @Nullable SslBundle bundle;

	/**
	 * Create an instance.
	 * @param pool the name of the pool
	 * @param settings the settings of the clients, with the first bundle
	 * @param factory returns a source of clients with other settings
	 */
	public SslReload(String pool, HttpClientSettings settings, Function<HttpClientSettings, ServiceClients> factory) {
		this.pool = pool;
		this.settings = settings;
		this.factory = factory;
		this.clients = clients(settings.sslBundle());
		this.bundle = settings.sslBundle();
	}

	private ServiceClients clients(@Nullable SslBundle bundle) {
		return this.factory
			.apply((bundle != null) ? this.settings.withSslBundle(new SharedSslBundle(bundle)) : this.settings);
	}

	/**
	 * Return the source of new clients.
	 * @return the source, with the current bundle
	 */
	public ServiceClients clients() {
		return this.clients;
	}

	/**
	 * Return the time at which the client certificate of the current bundle expires. If
	 * the bundle does not select one of several keys, the earliest time counts.
	 * @return the time, or {@code null} if the bundle contains no client certificate
	 */
	public @Nullable Instant certificateExpiry() {
		SslBundle bundle = this.bundle;
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
		SslBundle used = this.settings.sslBundle();
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
			this.clients = clients(updated);
			this.bundle = updated;
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
