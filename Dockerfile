# Build with the SDK, run on the smaller runtime image. The database and its data live outside.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/Workflows.Host -c Release -o /app /p:UseAppHost=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
COPY definitions ./definitions
ENV ASPNETCORE_URLS=http://+:5080 \
    Workflows__DataDirectory=/data
RUN mkdir /data && chown "$APP_UID" /data
USER $APP_UID
VOLUME /data
EXPOSE 5080
ENTRYPOINT ["dotnet", "Workflows.Host.dll"]
