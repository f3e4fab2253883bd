// A stand-in for hashicorp/null 3.2.4 where no registry is reached: null_resource with the real one's schema, nothing more.
// Test equipment: built by the test run, never published, never committed as a binary.
package main

import (
	"context"
	"crypto/rand"
	"log"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type null struct{}

func (null) Metadata(_ context.Context, _ provider.MetadataRequest, r *provider.MetadataResponse) {
	r.TypeName = "null"
	r.Version = "3.2.4"
}
func (null) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse)          {}
func (null) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}
func (null) DataSources(context.Context) []func() datasource.DataSource                        { return nil }
func (null) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return nullResource{} }}
}

type nullResource struct{}

type model struct {
	ID       types.String `tfsdk:"id"`
	Triggers types.Map    `tfsdk:"triggers"`
}

func (nullResource) Metadata(_ context.Context, _ resource.MetadataRequest, r *resource.MetadataResponse) {
	r.TypeName = "null_resource"
}

func (nullResource) Schema(_ context.Context, _ resource.SchemaRequest, r *resource.SchemaResponse) {
	r.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id": schema.StringAttribute{Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}},
		"triggers": schema.MapAttribute{ElementType: types.StringType, Optional: true,
			PlanModifiers: []planmodifier.Map{mapplanmodifier.RequiresReplace()}},
	}}
}

func (nullResource) Create(ctx context.Context, q resource.CreateRequest, r *resource.CreateResponse) {
	var m model
	r.Diagnostics.Append(q.Plan.Get(ctx, &m)...)
	id, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		r.Diagnostics.AddError("no randomness", err.Error())
		return
	}
	m.ID = types.StringValue(id.String())
	r.Diagnostics.Append(r.State.Set(ctx, &m)...)
}
func (nullResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}
func (nullResource) Update(ctx context.Context, q resource.UpdateRequest, r *resource.UpdateResponse) {
	var m model
	r.Diagnostics.Append(q.Plan.Get(ctx, &m)...)
	r.Diagnostics.Append(r.State.Set(ctx, &m)...)
}
func (nullResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

func main() {
	options := providerserver.ServeOpts{Address: "registry.terraform.io/hashicorp/null", ProtocolVersion: 5}
	if err := providerserver.Serve(context.Background(), func() provider.Provider { return null{} }, options); err != nil {
		log.Fatal(err)
	}
}
