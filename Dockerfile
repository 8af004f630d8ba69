# One image for every service; docker-compose.yml says which one a container runs.
# Written with care and not run where this repository is developed: there is no Docker engine there.
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY . .
RUN mvn -q -B -Dquick -DskipTests -pl cli -am package

FROM eclipse-temurin:17-jre
# A new named volume takes the owner of the directory it is mounted over, and root's where the image has none.
RUN useradd --system --create-home --uid 10001 terraseal \
  && mkdir -p /var/lib/terraseal /var/lib/witness && chown terraseal /var/lib/terraseal /var/lib/witness
WORKDIR /opt/terraseal
COPY --from=build /src/cli/target/classes cli/target/classes
COPY --from=build /src/cli/target/lib cli/target/lib
USER terraseal
ENV TERRASEAL_HOME=/opt/terraseal
ENTRYPOINT ["java", "-XX:+UseParallelGC", "-XX:NewRatio=1", "-XX:+ExitOnOutOfMemoryError", "-XX:MaxRAMPercentage=70", \
  "-Dsun.net.httpserver.nodelay=true", "-Dsun.net.httpserver.maxReqTime=300", "-Dhttp.maxConnections=64", "-Djava.awt.headless=true", "-Djdk.console=java.base", \
  "-cp", "/opt/terraseal/cli/target/classes:/opt/terraseal/cli/target/lib/*", "dev.terraseal.cli.Terraseal"]
