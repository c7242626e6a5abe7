# One image runs the API, the worker and the migrations; which one, the command says.
FROM python:3.11-slim AS build
WORKDIR /src
COPY . .
RUN python -m venv /carnet && /carnet/bin/pip install --no-cache-dir --constraint constraints.txt '.[all]'

FROM python:3.11-slim
COPY --from=build /carnet /carnet
RUN useradd --system --uid 10001 --home-dir /var/lib/carnet --create-home carnet
USER carnet
# What an import rejects is written here: run it with a folder of yours in this place.
WORKDIR /var/lib/carnet
ENV PATH=/carnet/bin:$PATH PYTHONUNBUFFERED=1 CARNET_HOME=/var/lib/carnet
EXPOSE 8000
ENTRYPOINT ["carnet"]
CMD ["serve", "--host", "0.0.0.0", "--workers", "4"]
